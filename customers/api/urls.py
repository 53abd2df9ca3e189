"""Addresses of customers and orders."""

from django.urls import path

from customers.api import views

urlpatterns = [
    path("customers/", views.CustomerListView.as_view(), name="api-customers"),
    path("customers/<id:customer_id>/", views.CustomerView.as_view(), name="api-customer"),
    path(
        "customers/<id:customer_id>/disclose/",
        views.DiscloseView.as_view(),
        name="api-customer-disclose",
    ),
    path(
        "customers/<id:customer_id>/contact-points/",
        views.ContactPointListView.as_view(),
        name="api-customer-contact-points",
    ),
    path("orders/", views.OrderListView.as_view(), name="api-orders"),
    path("orders/batch/", views.OrderBatchView.as_view(), name="api-orders-batch"),
    path("orders/<slug:source>/<path:external_id>/", views.OrderView.as_view(), name="api-order"),
]
