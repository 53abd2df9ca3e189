"""`manage.py bench`: fill a database of its own, measure the desk on it, compare."""

import json
import os
import signal
import subprocess
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections

from aftersales.bench import works
from aftersales.bench.fill import fill
from aftersales.bench.importing import LEAST_PER_SECOND, rows_per_second
from aftersales.bench.measure import Line, floor, machine, measure, signed_in, sizes, trail_share
from aftersales.bench.place import bench_url, environment, filled_size, make_database
from aftersales.bench.plans import queue_by_due
from aftersales.bench.server import memory_of, running_server
from aftersales.database import BASE_DIR, data_dir
from aftersales.demo.logins import PASSWORD
from aftersales.demo.progress import Progress
from aftersales.embedded_guard import die_with_parent
from staff.models import User

AGENT = "ruolin.fang"
AUDITOR = "zhengping.yan"
MEMORY_MB = 200
# An empty view by eight clients where the bounds come from (reference/perf.md, "Django floor").
REFERENCE_PER_SECOND = 2249.0
HEAD = (
    f"{'milliseconds':<32} {'p50':>7} {'p95':>7} | {'p50':>7} {'p95':>7} {'8 at once':>7} | "
    f"{'queries':>5} {'SQL':>6} {'answer':>9} | {'plain':>7} {'ratio':>6} |"
)
# How the inner process says that the database was filled for another size, or only by half.
ANEW = 3


class Command(BaseCommand):
    """The outer process keeps the server up, the inner one sees only the bench database."""

    help = "Measure lists, search, case page, reply, intake and the change browser at a given size."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", type=int, default=1_000_000)
        parser.add_argument("--out", type=Path, help="also write the result as JSON")
        parser.add_argument("--requests", type=int, default=60, help="of each kind by one client")
        parser.add_argument("--new", action="store_true", help="fill the database anew")
        parser.add_argument("--fill-only", action="store_true", help="do not measure")
        parser.add_argument("--inside", action="store_true", help="(the inner process)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["size"] < 1_000:
            raise CommandError("--size must be at least 1000")
        if options["inside"]:
            self.inside(options)
            return
        config = connections["default"].settings_dict
        make_database(config, is_new=options["new"])
        passed = ["--inside", "--size", str(options["size"])]
        passed += ["--requests", str(options["requests"])]
        passed += ["--out", str(options["out"].absolute())] if options["out"] else []
        passed += ["--fill-only"] if options["fill_only"] else []
        env = environment(bench_url(config), str(data_dir() / "bench"))
        command = [sys.executable, str(BASE_DIR / "manage.py"), "bench", *passed]
        code = run_inside(command, env)
        if code == ANEW:
            make_database(config, is_new=True)
            code = run_inside(command, env)
        sys.exit(code)

    def inside(self, options: dict[str, Any]) -> None:
        size = options["size"]
        call_command("migrate", interactive=False, verbosity=0)
        filled = filled_size()
        is_half_filled = filled == 0 and User.objects.filter(username=AGENT).exists()
        if is_half_filled or filled not in (0, size):
            sys.exit(ANEW)
        seconds = self.fill(size) if filled == 0 else 0.0
        if options["fill_only"]:
            return
        result = self.measure_all(size, seconds, options["requests"])
        if options["out"]:
            options["out"].write_text(json.dumps(result, indent=1))
        if not result["holds"]:
            sys.exit(1)

    def fill(self, size: int) -> float:
        progress = Progress(self.stdout, size, "Filling")
        fill(size, progress.advance)
        progress.finish(f"{size} cases in {progress.seconds:.0f} s")
        return progress.seconds

    def measure_all(self, size: int, fill_seconds: float, requests: int) -> dict[str, Any]:
        about = machine()
        self.stdout.write(
            f"{about['processors']} × {about['processor']}, load {about['load_before']:.1f}"
        )
        env = environment(self.own_url(), str(data_dir()))
        about["floor"] = self.show_floor(
            floor(env, Path(settings.DATA_DIR) / "floor.log", requests)
        )
        samples = works.Samples.draw(AGENT)
        agent, auditor = (User.objects.get(username=name) for name in (AGENT, AUDITOR))
        connection.force_debug_cursor = False
        with running_server(env, Path(settings.DATA_DIR) / "web.log") as (port, master):
            idle = memory_of(master)
            cookies = signed_in(port, AGENT, PASSWORD)
            reads = [*works.lists(samples), *works.searches(samples), *works.cases(samples)]
            reads += works.homes(samples)
            auditing = signed_in(port, AUDITOR, PASSWORD)
            plan = [(work, cookies, agent) for work in reads]
            plan += [(work, auditing, auditor) for work in works.trails()]
            plan += [(work, cookies, agent) for work in works.writes(samples)]
            lines = [self.show(measure(*one, port=port, requests=requests)) for one in plan]
            memory = {"idle_mb": round(idle), "after_mb": round(memory_of(master))}
        plan_of_queue = queue_by_due(agent)
        self.stdout.write(f"queue by nearest clock: {plan_of_queue.words}")
        cost, share = trail_share(samples, lines[-1].p50)
        imported = self.show_import(rows_per_second())
        result = self.summary(size, fill_seconds, about, lines, memory, (cost, share))
        holds = result["holds"] and imported >= LEAST_PER_SECOND
        more = {"queue_plan": asdict(plan_of_queue), "order_rows_per_second": round(imported)}
        return {**result, **more, "holds": holds}

    def show_floor(self, found: dict[str, float]) -> dict[str, float]:
        share = found["per_second"] / REFERENCE_PER_SECOND
        self.stdout.write(
            f"an empty Django view: {found['p50']:.1f} / {found['p95']:.1f} ms, "
            f"{found['per_second']:.0f}/s by eight clients ({share:.0%} of the machine that the "
            "bounds were measured on)"
        )
        self.stdout.write(HEAD)
        return {**found, "share_of_reference": share}

    def show_import(self, per_second: float) -> float:
        verdict = "holds" if per_second >= LEAST_PER_SECOND else f"< {LEAST_PER_SECOND}/s"
        self.stdout.write(f"orders from a file: {per_second:.0f} rows/s ({verdict})")
        return per_second

    def own_url(self) -> str:
        return bench_url(connections["default"].settings_dict)

    def show(self, line: Line) -> Line:
        """One row of the table, as soon as it is known."""
        plain = f"{line.plain_ms:.2f}" if line.plain_ms is not None else "–"
        ratio = f"{line.ratio:.0f}×" if line.ratio else "–"
        verdict = "; ".join(line.misses) or ("holds" if line.bound else "")
        self.stdout.write(
            f"{line.name:<32} {line.p50:7.1f} {line.p95:7.1f} | {line.crowd_p50:7.1f} "
            f"{line.crowd_p95:7.1f} {line.crowd_per_second:6.0f}/s | {line.queries:3d} q "
            f"{line.sql_ms:6.1f} ms {line.kilobytes:5.0f} kB | {plain:>7} {ratio:>6} | {verdict}"
        )
        self.stdout.flush()
        return line

    def summary(
        self,
        size: int,
        fill_seconds: float,
        about: dict[str, Any],
        lines: list[Line],
        memory: dict[str, int],
        trail: tuple[float, float],
    ) -> dict[str, Any]:
        light = memory["after_mb"] < MEMORY_MB
        cheap = trail[1] < 0.3
        self.stdout.write(
            f"web workers: {memory['idle_mb']} MB PSS idle, {memory['after_mb']} MB after "
            f"({'holds' if light else f'> {MEMORY_MB} MB'})"
        )
        words = f"journal and history: {trail[0]:.2f} ms, {trail[1]:.0%} of a save"
        self.stdout.write(f"{words} ({'holds' if cheap else '> 30 %'})")
        holds = light and cheap and not any(line.misses for line in lines)
        return {
            "size": size,
            "fill_seconds": round(fill_seconds, 1),
            "machine": about,
            "tables": sizes(),
            "works": [asdict(line) | {"ratio": line.ratio} for line in lines],
            "memory": memory,
            "trail": {"ms": trail[0], "share": trail[1]},
            "holds": holds,
        }


def run_inside(command: list[str], env: dict[str, str]) -> int:
    """Run the inner process, which dies with this one."""
    guard = die_with_parent(os.getpid(), signal.SIGTERM)
    return subprocess.run(command, env=env, check=False, preexec_fn=guard).returncode  # noqa: S603 -- our own command; the guard only asks the kernel
