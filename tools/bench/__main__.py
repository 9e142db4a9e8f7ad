"""Measure, and print a table with aims; some minutes.

python -m tools.bench [decisions] [pipeline] [processes] [telegram] [steps] [memory] [ads] [ad-steps]
                      [wechaty] [--ads DIR] [--profile]

``telegram`` runs Groupkeeper and its peers on one Bot API, ``steps`` tells what each part of it costs, and ``memory``
sends 100,000 updates through it, which takes the most time. ``ads`` tries the detection of advertisements
beside scikit-learn's models on the labelled messages in DIR (or GROUPKEEPER_ADS; else on made-up ones), ``ad-steps``
tells what each part of it costs. ``wechaty`` sends messages through a real Wechaty gateway, where there is one.
"""

import os
import platform
import sys
from time import perf_counter

from rich.console import Console

from tools.bench import decisions, pipeline, processes
from tools.bench.ads import figures as ads
from tools.bench.ads import steps as ad_steps
from tools.bench.ads.rows import FOLDER
from tools.bench.result import print_figures
from tools.bench.telegram import figures as telegram
from tools.bench.telegram import steps
from tools.bench.wechaty import figures as wechaty
from tools.detection.data import DataError

PARTS = {
    "decisions": ("Decisions, nothing matches, 200 letters", decisions.figures),
    "pipeline": ("Throughput", pipeline.figures),
    "processes": ("The process", processes.figures),
    "telegram": ("Telegram: CPU of an update with one call, in one run", telegram.figures),
    "steps": ("Telegram: CPU of an update by step, 100 at a time", steps.steps),
    "memory": ("Telegram: memory over many updates", telegram.memory),
    "ads": ("Advertisements: found beside the baselines, in one run", ads.figures),
    "wechaty": ("WeChat: messages through a gateway, in one run", wechaty.figures),
    "ad-steps": ("Advertisements: CPU of a look by part, one core", ad_steps.steps),
}


def main(arguments: list[str]) -> int:
    """Measure what is asked for (nothing: everything); 0, or 2 for a wrong command line."""
    arguments, folder = _with_value(arguments, "--ads")
    if folder:
        os.environ[FOLDER] = folder
    wanted = [argument for argument in arguments if argument != "--profile"] or list(PARTS)
    if folder == "" or not set(wanted) <= set(PARTS):
        print(__doc__, file=sys.stderr)
        return 2
    console = Console(highlight=False)
    if "--profile" in arguments:
        console.print(pipeline.profile(), markup=False, soft_wrap=True)
        return 0
    busy = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    console.print(f"Python {platform.python_version()}, {os.cpu_count()} cores{busy}\n", style="dim")
    began = perf_counter()
    missed = 0
    for name in wanted:
        title, measure = PARTS[name]
        try:
            found = list(measure())
        except DataError as error:
            print(error, file=sys.stderr)
            return 2
        missed += sum(figure.met is False for figure in found)
        print_figures(title, found, console)
    console.print(f"{missed} aims missed, {perf_counter() - began:.0f} s", style="dim")
    return 0


def _with_value(arguments: list[str], name: str) -> tuple[list[str], str | None]:
    """The arguments without an option, and its value: None where it is not there, empty where it lacks one."""
    if name not in arguments:
        return arguments, None
    place = arguments.index(name)
    value = arguments[place + 1] if place + 1 < len(arguments) else ""
    return arguments[:place] + arguments[place + 2 :], value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
