"""What every app stands on: errors, transitions, audit context, journal, money, jobs. No tables."""
