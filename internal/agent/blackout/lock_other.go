//go:build !linux && !windows

package blackout

import "context"

type none struct{}

// NewLocker is the system's lock; here there is none.
func NewLocker(int) Locker { return none{} }

func (none) Lock(context.Context) error { return errNoLock }
