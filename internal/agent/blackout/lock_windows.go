package blackout

import (
	"context"
	"fmt"

	"golang.org/x/sys/windows"
)

// workstation locks the session of the desktop that the agent runs on. It is
// compiled, and has not been run on Windows.
type workstation struct{}

// NewLocker is the system's lock. Here the agent runs as the operator, whoever
// that is: there is one desktop to lock.
func NewLocker(int) Locker { return workstation{} }

var lockWorkStation = windows.NewLazySystemDLL("user32.dll").NewProc("LockWorkStation")

// Lock asks Windows. Its answer says that the lock was begun: there is no
// documented way to ask for more from inside the session.
func (workstation) Lock(context.Context) error {
	if err := lockWorkStation.Find(); err != nil {
		return fmt.Errorf("blackout: lock: %w", err)
	}
	if r, _, err := lockWorkStation.Call(); r == 0 {
		return fmt.Errorf("blackout: lock: %w", err)
	}
	return nil
}
