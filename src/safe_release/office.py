"""This module is the one place that starts LibreOffice, tied down and alone."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from safe_release.limits import Limits

_USUAL_PLACES = (
    "/usr/lib/libreoffice/program/soffice",
    "/usr/lib64/libreoffice/program/soffice",
    "/usr/local/bin/soffice",
    "/snap/bin/libreoffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
)
_ADDRESS_SPACE = 16 << 30  # bytes; a workbook that needs more would take the machine with it
_LAST_BREATH = 2.0  # seconds for a process that was ended to be gone
_ENVIRONMENT = ("PATH", "TZ", "SYSTEMROOT", "WINDIR", "COMSPEC", "PATHEXT")

# Path, property, value. Names are those of LibreOffice's own configuration schema; a version that
# does not know one of them ignores it.
_SETTINGS = (
    ("org.openoffice.Office.Calc/Formula/Load", "OOXMLRecalcMode", "0"),  # always
    ("org.openoffice.Office.Calc/Content/Update", "Link", "1"),  # never
    ("org.openoffice.Office.Calc/Filter/Import/VBA", "Load", "false"),
    ("org.openoffice.Office.Calc/Filter/Import/VBA", "Executable", "false"),
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisablePythonRuntime", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Common/Misc", "CrashReport", "false"),
    ("org.openoffice.Office.Common/Misc", "UseOpenCL", "false"),
    ("org.openoffice.Office.Common/Misc", "UseDocumentOOoLockFile", "false"),
    ("org.openoffice.Office.Common/Misc", "FirstRun", "false"),
    ("org.openoffice.Office.Common/Save/Document", "AutoSave", "false"),
    ("org.openoffice.Office.Recovery/AutoSave", "Enabled", "false"),
    # A proxy that nobody listens at: a request that slipped through would go nowhere.
    ("org.openoffice.Inet/Settings", "ooInetProxyType", "2"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("org.openoffice.Setup/L10N", "ooLocale", "en-US"),
    ("org.openoffice.Setup/L10N", "ooSetupSystemLocale", "en-US"),
)


def find_soffice() -> Path | None:
    """The LibreOffice program, or ``None``.

    Looks at the environment variable ``SAFE_RELEASE_SOFFICE`` (which, if set, has the last word),
    then at ``PATH``, then at the places where installers put it.
    """
    named = os.environ.get("SAFE_RELEASE_SOFFICE")
    if named:
        return _program(Path(named))
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found:
            return Path(found)
    return next((path for path in map(Path, _USUAL_PLACES) if _program(path)), None)


def _program(path: Path) -> Path | None:
    return path if path.is_file() and os.access(path, os.X_OK) else None


@contextmanager
def private_folder(size: int, name: str) -> Iterator[Path]:
    """A folder for this user alone, named after its use.

    It is in memory where the system has room there for ``size`` bytes and what comes of them.
    """
    memory = Path("/dev/shm")  # noqa: S108 (mkdtemp makes a private folder in it)
    parent: Path | None = None
    if memory.is_dir() and shutil.disk_usage(memory).free > 256 * (1 << 20) + 16 * size:
        parent = memory
    try:
        folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=parent))
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix=f"{name}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Soffice:
    """LibreOffice with a profile of its own in ``folder``, until ``deadline`` (monotonic)."""

    def __init__(self, program: Path, folder: Path, limits: Limits, deadline: float) -> None:
        self._program = program
        self._folder = folder
        self._limits = limits
        self._deadline = deadline
        self._profile = folder / "profile"
        user = self._profile / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(_registry(), encoding="utf-8")

    def run(self, arguments: Sequence[str]) -> bool:
        """Start it with these arguments, and wait: whether it ended before the deadline.

        Whether there is a result is for the caller to see. Nothing of the process stays behind.
        """
        return self._run(
            [
                str(self._program),
                f"-env:UserInstallation={self._profile.as_uri()}",
                "--headless",
                "--norestore",
                "--nolockcheck",
                "--nodefault",
                "--nologo",
                "--nofirststartwizard",
                *arguments,
            ]
        )

    def _run(self, command: list[str]) -> bool:
        """Whether the command ended by itself before the deadline; nothing of it stays behind."""
        try:
            process = subprocess.Popen(  # noqa: S603 (no shell; every argument is ours)
                command,
                cwd=self._folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # it would quote names of the document
                stderr=subprocess.DEVNULL,
                start_new_session=os.name == "posix",
            )
        except OSError:
            return True  # no result will be found, which says what needs to be said
        ended = False
        try:
            self._bound(process.pid)
            process.wait(max(self._deadline - monotonic(), 0.001))
            ended = process.returncode == 0
            return True
        except subprocess.TimeoutExpired:
            return False
        finally:
            if not ended:
                _kill(process)
                self._remove_socket()

    def _remove_socket(self) -> None:
        """Take away the socket that a LibreOffice which was ended leaves outside of its profile.

        Its name is made from the profile's address, which no other run has.
        """
        if os.name != "posix":
            return
        address = self._profile.as_uri().encode("utf-16-le")
        digest = hashlib.md5(address, usedforsecurity=False).digest()
        name = "".join(f"{byte:x}" for byte in digest)
        for folder in ("/tmp", "/var/tmp"):  # noqa: S108 (where LibreOffice puts it)
            path = Path(folder, f"OSL_PIPE_{os.getuid()}_SingleOfficeIPC_{name}")
            with contextlib.suppress(OSError):
                path.unlink()

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        home = str(self._folder)
        private = (
            "HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TMPDIR", "TEMP", "TMP",
            "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR",
        )  # fmt: skip
        kept.update(dict.fromkeys(private, home))
        kept.update(LC_ALL="C.UTF-8", SAL_USE_VCLPLUGIN="svp")
        return kept

    def _bound(self, pid: int) -> None:
        """Limits that children inherit: memory, file size, time, no core dump of the content."""
        if sys.platform != "linux":
            return
        import resource

        bounds = (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_AS, _ADDRESS_SPACE),
            (resource.RLIMIT_FSIZE, self._limits.unpacked_bytes),
            # For the case that this process is ended itself and cannot end its child.
            (resource.RLIMIT_CPU, int(self._limits.seconds) * (os.cpu_count() or 1) + 10),
        )
        for what, bound in bounds:
            with contextlib.suppress(OSError, ValueError):
                resource.prlimit(pid, what, (bound, bound))


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the whole process group, for the program that was started is only a launcher.

    Returns when the group is gone, so that nothing writes any more where folders are removed.
    """
    if os.name != "posix":
        with contextlib.suppress(OSError):
            subprocess.run(  # noqa: S603 (the number is that of our own child)
                ["taskkill", "/F", "/T", "/PID", str(process.pid)],  # noqa: S607
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )
        process.kill()
        process.wait()
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        end = monotonic() + _LAST_BREATH
        while monotonic() < end:
            os.killpg(process.pid, 0)  # raises when nobody is left
            sleep(0.01)
    process.wait()


def _registry() -> str:
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>\n"
        for path, name, value in _SETTINGS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">\n'
        f"{items}</oor:items>\n"
    )
