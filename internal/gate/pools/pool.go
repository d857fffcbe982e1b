package pools

import (
	"log/slog"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sekisho/sekisho"
)

// Bounds.
const (
	MostPeople = 200
	MostPCs    = 200
	maxPools   = 500
	maxName    = 60 // characters
	// TargetsAtOnce is how many PCs a face is sealed for in one go.
	TargetsAtOnce = 16
)

// Pool is one group.
type Pool struct {
	ID      sekisho.PoolID
	Name    string
	Client  sekisho.ClientID // "" where it is no client company's
	Created time.Time
	People  []Member
	PCs     []PC
}

// LogValue hides who is in it.
func (p Pool) LogValue() slog.Value { return slog.StringValue(string(p.ID)) }

// Member is one person of a group.
type Member struct {
	Person sekisho.PersonID
	Since  time.Time
}

// PC is one PC of a group.
type PC struct {
	Device sekisho.DeviceID
	Since  time.Time
	Key    bool // faces can be sealed for it
}

// Sitting is who sits where. The zero Sitting is a PC that is not shared.
type Sitting struct {
	Pool   sekisho.PoolID
	Group  string // its name
	Client sekisho.ClientID
	Person sekisho.PersonID
}

// Shared says whether the PC is one of a group.
func (s Sitting) Shared() bool { return s.Pool != "" }

func validName(s string) bool {
	return strings.TrimSpace(s) == s && s != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= maxName && !strings.ContainsFunc(s, unicode.IsControl)
}

var (
	// ErrWho is a shared PC at which nobody has said who he is.
	ErrWho = sekisho.Fail(sekisho.KindDenied, "shared.who")
	// ErrNotOne is everybody else at a shared PC, whyever.
	ErrNotOne = sekisho.Fail(sekisho.KindDenied, "shared.not_one")
	// ErrNotShared is a login at a PC that is one person's.
	ErrNotShared = sekisho.Fail(sekisho.KindConflict, "shared.not_shared")
	// ErrNone is a face that does not wait, or not any more.
	ErrNone = sekisho.Fail(sekisho.KindNotFound, "shared.nothing_waits")

	errName    = sekisho.Fail(sekisho.KindInvalid, "pool.name")
	errTaken   = sekisho.Fail(sekisho.KindConflict, "pool.name_taken")
	errUnknown = sekisho.Fail(sekisho.KindNotFound, "pool.unknown")
	errFull    = sekisho.Fail(sekisho.KindConflict, "pool.full")
	errMany    = sekisho.Fail(sekisho.KindConflict, "pool.too_many")
	errPerson  = sekisho.Fail(sekisho.KindInvalid, "pool.person")
	errOther   = sekisho.Fail(sekisho.KindConflict, "pool.device_elsewhere")
	errGone    = sekisho.Fail(sekisho.KindNotFound, "pool.not_in_it")
)
