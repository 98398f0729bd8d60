"""Hits of one file to attempts and loose signals: the clock of the diagnosis, as `rules/steps.yaml` sets it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from arcdiag.diagnose.groups import Groups, rank_of
from arcdiag.diagnose.reading import Reading, code_signal, signal_of
from arcdiag.diagnose.tries import UNEXPLAINED, Try, keep, steps_of
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.logs.scan import Hit, Mark
from arcdiag.logs.times import time_inside
from arcdiag.model.attempt import Outcome
from arcdiag.model.diagnosis import Unexplained
from arcdiag.model.record import Level, Record
from arcdiag.model.stamp import Stamp

_SERVICE_KINDS = ("himds-log", "arcproxy-log", "journal")
_RUN_ORDER = ("elevated", "version", "command", "config")


class Reader:
    """Reads the hits of one file; `read` may be called once."""

    def __init__(self, rules: RuleSet, source: str, kind: str) -> None:
        self._rules = rules
        self._out = Reading(source, kind)
        self._active: Try | None = None
        self._again = 0
        self._commands = {c: id_ for id_, step in rules.steps.items() for c in step.rule.commands}
        self._default = next((id_ for id_, step in rules.steps.items() if kind in step.rule.kinds), None)

    def read(self, hits: Iterable[Hit]) -> Reading:
        """Fold all hits, in order."""
        for hit in hits:
            self.take(hit)
        return self.finish()

    def finish(self) -> Reading:
        """What all hits came to."""
        self._retire()
        return self._out

    def take(self, hit: Hit) -> None:
        """Fold the next hit."""
        record = hit.record
        time = record.time or (time_inside(record.text) if hit.matches else None)
        self._out.newest = time or self._out.newest
        self._out.support.note(record.text, time, bool(hit.matches) or record.level.is_error)
        if record.form == "show":
            self._shown(hit, time)
            return
        marks = {mark.id: mark for mark in hit.marks}
        self._again = hit.again
        self._signs_of_life(marks, time)
        self._begin(record, marks, time)
        self._contents(hit, time)
        self._end(record, marks, hit, time)

    def _shown(self, hit: Hit, time: Stamp | None) -> None:
        """What `azcmagent show` prints of himds' last error: the history makes an attempt of it."""
        groups = self._out.loose.setdefault("heartbeat", Groups())
        for match in hit.matches:
            groups.add(signal_of(hit, match, self._out.source, time))
        for code in hit.codes:
            groups.add(code_signal(hit, code, self._out.source, time))

    def _signs_of_life(self, marks: dict[str, Mark], time: Stamp | None) -> None:
        """Take a sign of life for a success, once the failures before it have ceased for long enough."""
        active = self._active
        if active is None or active.step is None or f"{active.step}.alive" not in marks:
            return
        quiet = timedelta(minutes=self._rules.steps[active.step].rule.quiet_minutes)
        gaps = [group.last.gap(time) for group in active.groups if group.last and time]
        if gaps and all(gap is not None and gap >= quiet for gap in gaps):
            marks[f"{active.step}.ok"] = marks[f"{active.step}.alive"]

    def _begin(self, record: Record, marks: dict[str, Mark], time: Stamp | None) -> None:
        if "run.installed" in marks:
            self._out.versions.append((record.line, dict(marks["run.installed"].captures).get("version", "")))
        if "run.prompt" in marks and self._active and (self._active.is_run or self._active.outcome is Outcome.OK):
            # The shell is back: what follows is no longer this command's, nor the log's that it showed.
            self._retire()
        marked = steps_of(marks)
        for name in (name for name in _RUN_ORDER if "run" in marked and f"run.{name}" in marks):
            if self._is_new_run(name):
                self._open(Try(None, self._out.source, record.line, record.line, time, time, is_run=True))
            self._run_details(name, marks[f"run.{name}"], record)
        for id_, step in self._rules.steps.items():
            if id_ in marked and f"{id_}.begin" in marks:
                self._step_begins(id_, step.rule.routine, record, time)
        if self._active and not self._heals(self._active, marks):
            self._active.saw(record.line, time)

    @staticmethod
    def _heals(active: Try, marks: dict[str, Mark]) -> bool:
        """Whether a record is the success behind a failed attempt: it is later than that attempt, no part of it."""
        return f"{active.step}.ok" in marks and active.outcome is Outcome.FAILED and not active.is_run

    def _is_new_run(self, name: str) -> bool:
        run = self._active
        if run is None or not run.is_run:
            return name != "config" or run is None
        if name == "elevated" or run.outcome is not Outcome.UNKNOWN:
            return True
        return bool(run.marks - {"elevated"}) if name == "version" else name in run.marks

    def _run_details(self, name: str, mark: Mark, record: Record) -> None:
        run, captures = self._active, dict(mark.captures)
        if run is None:
            return
        run.marks.add(name)
        if name == "version" and captures.get("version"):
            run.version = captures["version"]
            self._out.versions.append((record.line, captures["version"]))
            self._out.changes.note_version(record.time, self._out.source, record.line, captures["version"])
        if name == "command" and captures.get("command"):
            run.named = True
            run.step = self._commands.get(captures["command"].split()[0].lower())

    def _step_begins(self, id_: str, routine: bool, record: Record, time: Stamp | None) -> None:
        run = self._active
        if run and run.is_run and run.step is None and not run.named and run.outcome is Outcome.UNKNOWN:
            run.step = id_
            return
        if run and run.step == id_ and run.outcome is Outcome.UNKNOWN and not routine:
            return
        version = run.version if run else None
        self._open(Try(id_, self._out.source, record.line, record.line, time, time, version=version))

    def _open(self, new: Try) -> None:
        if self._active:
            self._active.count += self._again
        self._retire()
        self._active = new

    def _contents(self, hit: Hit, time: Stamp | None) -> None:
        record = hit.record
        signals = self._out.signals(hit, self._rules, time)
        fails = {step for m in hit.matches if (step := self._rules.signals[m.signal].rule.fails)}
        self._fail_by_signals(fails, record, time)
        home = self._home(record, fails)
        for signal in signals:
            groups = home.groups if home else self._loose(signal.id)
            groups.add(signal)
        for code in hit.codes:
            if code.startswith("AZCM") and not code.endswith("0000"):
                (home.groups if home else self._loose("")).add(code_signal(hit, code, self._out.source, time))
            if home:
                home.codes[code] += 1
        if home:
            self._note_level(home, record, bool(signals), time)

    def _home(self, record: Record, fails: set[str]) -> Try | None:
        """The attempt that a record belongs to: the active one, unless it has ended well."""
        active = self._active
        if active is None or (active.outcome is Outcome.OK and not active.is_run):
            return None
        if fails and active.step not in fails and not active.is_run:
            return None
        return active

    def _fail_by_signals(self, fails: set[str], record: Record, time: Stamp | None) -> None:
        """Texts that make an attempt fail by themselves; debug and info lines do not."""
        if rank_of(record.level) < 1:
            return
        for step in sorted(fails):
            active = self._active
            if active and active.is_run and active.outcome is Outcome.UNKNOWN and active.step in (None, step):
                active.step = active.step or step
            elif active is None or active.step != step or active.outcome is Outcome.OK:
                if active and active.is_run and active.outcome is Outcome.UNKNOWN:
                    continue
                self._open(Try(step, self._out.source, record.line, record.line, time, time))
            if self._active:
                self._active.outcome = Outcome.FAILED

    def _note_level(self, home: Try, record: Record, explained: bool, time: Stamp | None) -> None:
        if record.level is Level.FATAL:
            home.fatal_text = " ".join(record.text.split()).rstrip(".")
        if record.level is Level.FATAL and explained:
            home.last_fatal = record.line
        elif record.level is Level.ERROR and explained:
            home.last_error = record.line
        home.has_error = home.has_error or (record.level.is_error and explained)
        if record.level.is_error and not explained and record.text.strip():
            same = [u for u in home.unexplained if u.text == record.text[:500]]
            if not same and len(home.unexplained) < UNEXPLAINED:
                home.unexplained.append(Unexplained(self._out.source, record.line, time, record.text[:500], 1))

    def _end(self, record: Record, marks: dict[str, Mark], hit: Hit, time: Stamp | None) -> None:
        marked = steps_of(marks)
        for id_ in (id_ for id_ in self._rules.steps if id_ in marked):
            if f"{id_}.failed" in marks and f"{id_}.ok" not in marks:
                self._failed(id_, record, time)
            if f"{id_}.ok" in marks:
                self._succeeded(id_, record, time)
            if f"{id_}.end" in marks:
                self._step_ended(id_)
        if "run.end" in marks:
            self._run_ended()
        exit_code = ""
        if "run.exit_code" in marks and record.text.startswith(("Exit Code", "AZCM")):
            exit_code = dict(marks["run.exit_code"].captures).get("code", "")
        if exit_code:
            digits = "".join(c for c in exit_code if c.isdigit())
            if digits and int(digits) == 0:
                if self._active and self._active.is_run:
                    self._active.outcome = Outcome.OK
            elif digits:
                self._command_failed(hit, time)
        elif record.level is Level.FATAL and record.form in ("logrus", "tty", "console", "gpo"):
            self._command_failed(hit, time)
        if self._active:
            self._active.saw(record.line, time)

    def _run_ended(self) -> None:
        """A run's last line: without any error it went well, where success is not a mark of its own."""
        run = self._active
        if run and run.is_run and run.outcome is Outcome.UNKNOWN and not (run.step and self._rules.steps[run.step].ok):
            run.outcome = Outcome.FAILED if run.has_error else Outcome.OK

    def _failed(self, step: str, record: Record, time: Stamp | None) -> None:
        active = self._active
        if (active and active.step == step and active.outcome is not Outcome.OK) or (
            active and active.is_run and active.step is not None and active.outcome is Outcome.UNKNOWN
        ):
            active.outcome = Outcome.FAILED
        else:
            moved = self._out.take(record.line)
            self._open(Try(step, self._out.source, record.line, record.line, time, time, Outcome.FAILED, groups=moved))
            if self._active and record.level.is_error:
                self._active.last_error = record.line

    def _succeeded(self, step: str, record: Record, time: Stamp | None) -> None:
        """A success. One that follows a failure is an attempt of its own, except in one run of azcmagent."""
        active = self._active
        fits = active is not None and (active.step == step or (active.is_run and active.step is None))
        if active is None or not fits or (active.outcome is Outcome.FAILED and not active.is_run):
            self._open(Try(step, self._out.source, record.line, record.line, time, time))
            active = self._active
        if active:
            active.step = active.step or step
            active.outcome = Outcome.OK

    def _step_ended(self, step: str) -> None:
        active = self._active
        if active and active.step == step and active.outcome is Outcome.UNKNOWN:
            active.outcome = Outcome.FAILED if active.has_error else Outcome.OK

    def _command_failed(self, hit: Hit, time: Stamp | None) -> None:
        """A fatal record or an exit code: the run fails; without a run, an attempt of the step that the code names."""
        active = self._active
        steps = [rule.step for c in hit.codes if (rule := self._rules.codes.get(("azcm", c))) is not None and rule.step]
        commandless = active is None or (active.step not in self._commands.values() and not active.is_run)
        if active and active.outcome is Outcome.OK and not active.is_run:
            commandless = True
        if commandless or active is None:
            if active is not None and active.outcome is Outcome.FAILED:
                return
            moved = self._out.take(hit.record.line)
            step, line = steps[0] if steps else self._fatal_step(), hit.record.line
            self._open(Try(step, self._out.source, line, line, time, time, is_run=True, groups=moved))
            active = self._active
            if active:
                active.codes.update(hit.codes)
                self._note_level(active, hit.record, bool(hit.matches), time)
        if active:
            active.outcome = Outcome.FAILED
            if active.step is None and not active.named:
                active.step = steps[0] if steps else self._fatal_step()

    def _fatal_step(self) -> str:
        """What a fatal line ends where nothing else tells: the service in its own log, else a connect."""
        return "service" if self._out.kind in _SERVICE_KINDS else "connect"

    def _retire(self) -> None:
        done, self._active = self._active, None
        if done is None or done.step is None:
            self._loosen(done)
            return
        rule = self._rules.steps[done.step].rule
        if done.outcome is Outcome.UNKNOWN and done.broke_off(bool(rule.end), rule.routine):
            done.outcome = Outcome.FAILED
        self._out.alive = self._out.alive or done.outcome is Outcome.OK
        keep(self._out.tries, done)

    def _loosen(self, run: Try | None) -> None:
        """A run of a command that is no step (show, config ...): what it printed in failing stands for itself."""
        if run is None or run.outcome is Outcome.OK or not (run.outcome is Outcome.FAILED or run.has_error):
            return
        for group in run.groups:
            for sample in group.samples:
                self._loose(sample.id).add(sample)

    def _loose(self, signal: str) -> Groups:
        rule = self._rules.signals.get(signal) if signal else None
        step = (rule.rule.fails or rule.rule.step if rule else None) or self._default
        return self._out.loose.setdefault(step, Groups())
