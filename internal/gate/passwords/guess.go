package passwords

import (
	"log/slog"
	"time"

	"github.com/sekisho/sekisho"
)

// Limits of guessing, for one login.
const (
	guessesEach = 5 // answered in one window; the fifth locks
	window      = 15 * time.Minute
	firstLock   = 15 * time.Minute
	longestLock = 24 * time.Hour
	forgetAfter = 24 * time.Hour // without a guess the next lock-out is the first again
)

// guesses is what is counted for one login.
type guesses struct {
	login  string // HMAC of it
	person sekisho.PersonID
	n      int
	began  time.Time // of the window
	last   time.Time
	until  time.Time // end of the lock-out
	level  int       // lock-outs that followed each other
}

// count takes one more guess at a moment and says whether it may be answered.
// A wall clock that was set back neither ends a lock-out nor begins a window.
func (g guesses) count(now time.Time) (next guesses, answer bool) {
	if now.Before(g.until) {
		return g, false
	}
	switch {
	case !g.last.IsZero() && now.Sub(g.last) >= forgetAfter && now.Sub(g.until) >= forgetAfter:
		g.n, g.level = 0, 0
	case now.Sub(g.began) >= window || g.n >= guessesEach:
		g.n = 0
	}
	if g.n == 0 {
		g.began = now
	}
	g.n++
	g.last = now
	if g.n >= guessesEach {
		g.until = now.Add(lockFor(g.level))
		g.level++
	}
	return g, true
}

// lockFor is how long the lock-out after level others lasts.
func lockFor(level int) time.Duration {
	lock := firstLock
	for range min(level, 16) {
		lock = min(2*lock, longestLock)
	}
	return lock
}

// Locked is a person whose password is locked.
type Locked struct {
	Person sekisho.PersonID
	Until  time.Time
}

// LogValue hides the person.
func (Locked) LogValue() slog.Value { return slog.StringValue("[hidden]") }

var (
	errLocked  = sekisho.Fail(sekisho.KindDenied, "password.locked")
	errRefused = sekisho.Fail(sekisho.KindDenied, "password.refused")
	errForm    = sekisho.Fail(sekisho.KindInvalid, "password.message")
	errOver    = sekisho.Fail(sekisho.KindExpired, "password.over")
	errSetting = sekisho.Fail(sekisho.KindDenied, "password.setting")
	errRole    = sekisho.Fail(sekisho.KindDenied, "password.unlock_role")
)
