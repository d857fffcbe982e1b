//go:build !linux && !windows

package inspect

import (
	"context"
	"time"
)

// LookEvery is how often the PC is looked at.
const LookEvery = 20 * time.Second

// look sees nothing on this system and says so: every check is unknown.
func look(context.Context) sight { return sight{} }
