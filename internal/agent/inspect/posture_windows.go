package inspect

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
	"unicode/utf16"

	winreg "golang.org/x/sys/windows/registry"
)

// LookEvery is how often the PC is looked at: PowerShell takes a second or two.
const LookEvery = 45 * time.Second

// look asks the registry and, by one script, CIM.
func look(ctx context.Context) sight {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	shell := filepath.Join(os.Getenv("SystemRoot"), "System32", "WindowsPowerShell", "v1.0", "powershell.exe")
	cmd := exec.CommandContext(ctx, shell, "-NoLogo", "-NoProfile", "-NonInteractive", "-EncodedCommand", encoded(windowsScript))
	cmd.SysProcAttr = &syscall.SysProcAttr{HideWindow: true}
	out, err := cmd.Output()
	var answer windowsAnswer
	if err == nil {
		answer, err = parseWindows(out)
	}
	if err != nil {
		slog.Warn("Windows could not be asked about this PC", "error", err)
	}
	return windowsSight(machineRegistry{}, answer, err == nil, time.Now())
}

// encoded is a script as PowerShell takes it on its command line: base64 of UTF-16, little-endian.
func encoded(script string) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(script)) {
		b = binary.LittleEndian.AppendUint16(b, unit)
	}
	return base64.StdEncoding.EncodeToString(b)
}

// machineRegistry is HKEY_LOCAL_MACHINE.
type machineRegistry struct{}

func (machineRegistry) Number(key, name string) (uint64, bool) {
	k, err := winreg.OpenKey(winreg.LOCAL_MACHINE, key, winreg.QUERY_VALUE)
	if err != nil {
		return 0, false
	}
	defer k.Close()
	v, _, err := k.GetIntegerValue(name)
	return v, err == nil
}
