package acd

import (
	"slices"
	"time"
	"unicode"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Strategy says which of the operators who may take a call is offered it.
type Strategy string

// Strategies.
const (
	LongestIdle Strategy = "longest_idle" // who has waited longest for a call
	FewestCalls Strategy = "fewest_calls" // who has answered the fewest since he came
	RoundRobin  Strategy = "round_robin"  // whose last offer lies farthest back
	RingAll     Strategy = "ring_all"     // all of them, maxRinging at most; the first to answer has it
	Priority    Strategy = "priority"     // the most skilled, by the sum of the skills that the queue asks for
)

// Valid says whether s is one of the five.
func (s Strategy) Valid() bool {
	return s == LongestIdle || s == FewestCalls || s == RoundRobin || s == RingAll || s == Priority
}

// MaxSkill is the highest degree of a skill; 0 is as if one did not have it.
const MaxSkill = 10

// Skill is one that a queue asks for, at least to a degree of 1 to MaxSkill.
type Skill struct {
	Name string `json:"name"`
	Min  int    `json:"min"`
}

// maxSteps is how often a queue may widen.
const maxSteps = 8

// Widening lowers what is asked for, once a caller has waited so long.
type Widening struct {
	After time.Duration `json:"after"`
	Lower int           `json:"lower"` // by so many degrees, of every skill
}

// Queue is one queue (待ち呼の列) of a work. The zero value takes no call.
type Queue struct {
	ID     sekisho.QueueID
	Client sekisho.ClientID
	Work   sekisho.WorkID
	Name   string // 1 to 64 characters
	Settings
	Retired bool // takes no new calls
}

// Settings are what a supervisor sets of a queue.
type Settings struct {
	Strategy    Strategy        `json:"strategy"`
	Skills      []Skill         `json:"skills"`       // at most 8
	Widen       []Widening      `json:"widen"`        // at most 8, the earliest first, each lower than the one before
	Home        bool            `json:"home"`         // operators at home take its calls, as far as levels go
	Office      bool            `json:"office"`       // operators in the office do
	HomeLittle  bool            `json:"home_little"`  // a call of level "little" may go home, where the centre's rule allows it
	MinTier     sekisho.Tier    `json:"min_tier"`     // of the operator's PC; C takes all
	Priority    int             `json:"priority"`     // 0 to 9; higher goes first
	MaxWait     time.Duration   `json:"max_wait"`     // then overflow; 0: none. At most 4 h
	MaxLength   int             `json:"max_length"`   // callers at once, 1 to 1,000
	Overflow    sekisho.QueueID `json:"overflow"`     // where to; "": exchange decides
	RingFor     time.Duration   `json:"ring_for"`     // 5 to 120 s
	WrapUp      time.Duration   `json:"wrap_up"`      // 後処理; 0: none. At most 1 h
	Codes       []string        `json:"codes"`        // wrap-up codes (対応結果), at most 100
	CodeNeeded  bool            `json:"code_needed"`  // wrap-up does not end without one
	Target      time.Duration   `json:"target"`       // an answer within it counts for the service level. 1 s to 10 min
	ShortWithin time.Duration   `json:"short_within"` // whoever gives up within it does not count against it. 0 to 60 s
	TellEvery   time.Duration   `json:"tell_every"`   // position and waiting time; 0: on arrival only, else 10 s to 10 min
}

// Standard are the settings that a new queue begins with.
func Standard() Settings {
	return Settings{
		Strategy: LongestIdle, Office: true, MinTier: sekisho.TierB, MaxLength: 100, RingFor: 20 * time.Second,
		WrapUp: time.Minute, Target: 20 * time.Second, ShortWithin: 5 * time.Second, TellEvery: time.Minute,
	}
}

var (
	errName     = sekisho.Fail(sekisho.KindInvalid, "queue.name")
	errStrategy = sekisho.Fail(sekisho.KindInvalid, "queue.strategy")
	errSkills   = sekisho.Fail(sekisho.KindInvalid, "queue.skills")
	errPlaces   = sekisho.Fail(sekisho.KindInvalid, "queue.places")
	errTimes    = sekisho.Fail(sekisho.KindInvalid, "queue.times")
	errLength   = sekisho.Fail(sekisho.KindInvalid, "queue.length")
	errCodes    = sekisho.Fail(sekisho.KindInvalid, "queue.codes")
)

func (s Settings) valid() error {
	switch {
	case !s.Strategy.Valid() || s.Priority < 0 || s.Priority > 9:
		return errStrategy
	case !s.Home && !s.Office || rank(s.MinTier) == 0 || s.HomeLittle && !s.Home:
		return errPlaces
	case s.MaxLength < 1 || s.MaxLength > 1000:
		return errLength
	case !within(s.RingFor, 5*time.Second, 2*time.Minute) || !within(s.Target, time.Second, 10*time.Minute) ||
		!within(s.MaxWait, 0, 4*time.Hour) || !within(s.WrapUp, 0, time.Hour) || !within(s.ShortWithin, 0, time.Minute) ||
		s.TellEvery != 0 && !within(s.TellEvery, 10*time.Second, 10*time.Minute):
		return errTimes
	}
	if err := s.validSkills(); err != nil {
		return err
	}
	if len(s.Codes) > 100 || s.CodeNeeded && (len(s.Codes) == 0 || s.WrapUp == 0) || !distinct(s.Codes) {
		return errCodes
	}
	return nil
}

func (s Settings) validSkills() error {
	names := make([]string, len(s.Skills))
	for i, k := range s.Skills {
		if k.Min < 1 || k.Min > MaxSkill {
			return errSkills
		}
		names[i] = k.Name
	}
	if len(names) > 8 || len(s.Widen) > maxSteps || !distinct(names) {
		return errSkills
	}
	last := Widening{}
	for _, w := range s.Widen {
		if w.After <= last.After || w.After > time.Hour || w.Lower <= last.Lower || w.Lower > MaxSkill {
			return errSkills
		}
		last = w
	}
	return nil
}

func within(d, low, high time.Duration) bool { return d >= low && d <= high }

// distinct says whether all are words of 1 to 40 characters and no two the same.
func distinct(words []string) bool {
	for i, w := range words {
		if !validWord(w, 40) || slices.Contains(words[:i], w) {
			return false
		}
	}
	return true
}

func validWord(s string, limit int) bool {
	if s == "" || !wire.ValidText(s, limit) || wire.OneLine(s) != s {
		return false
	}
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

// step is how often a queue has widened after a wait.
func (s Settings) step(waited time.Duration) (n int) {
	for n < len(s.Widen) && waited >= s.Widen[n].After {
		n++
	}
	return n
}

// lowered is by how many degrees skills are lowered after so many steps.
func (s Settings) lowered(step int) int {
	if step == 0 {
		return 0
	}
	return s.Widen[step-1].Lower
}
