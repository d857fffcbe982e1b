package console

import (
	"log/slog"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls/acd"
)

// QueuesView answers GET /queues.
type QueuesView struct {
	Queues   []QueueView      `json:"queues" nullable:"false"`
	Works    []WorkChoiceView `json:"works" nullable:"false" doc:"works that go on"`
	Standard QueueSettings    `json:"standard" doc:"what a new queue begins with"`
}

// QueueView is one queue, how it is set, and this moment.
type QueueView struct {
	ID         sekisho.QueueID  `json:"id"`
	Name       string           `json:"name"`
	Client     sekisho.ClientID `json:"client"`
	ClientName string           `json:"client_name"`
	Work       sekisho.WorkID   `json:"work"`
	WorkName   string           `json:"work_name"`
	Retired    bool             `json:"retired"`
	Settings   QueueSettings    `json:"settings"`
	Waiting    int              `json:"waiting"`
	Talking    int              `json:"talking"`
	Ready      int              `json:"ready" doc:"operators of its work who are ready"`
}

// QueueSettings are acd.Settings in seconds.
type QueueSettings struct {
	Strategy    acd.Strategy    `json:"strategy" enum:"longest_idle,fewest_calls,round_robin,ring_all,priority"`
	Skills      []SkillDegree   `json:"skills" nullable:"false" maxItems:"8" doc:"asked for at least to this degree"`
	Widen       []QueueWidening `json:"widen" nullable:"false" maxItems:"8" doc:"the earliest first, each lower than the one before"`
	Home        bool            `json:"home"`
	Office      bool            `json:"office"`
	HomeLittle  bool            `json:"home_little" doc:"calls with little personal data may go home too"`
	MinTier     sekisho.Tier    `json:"min_tier" enum:"A,B,C"`
	Priority    int             `json:"priority" minimum:"0" maximum:"9"`
	MaxWait     int             `json:"max_wait" minimum:"0" maximum:"14400" doc:"seconds until overflow; 0: none"`
	MaxLength   int             `json:"max_length" minimum:"1" maximum:"1000"`
	Overflow    sekisho.QueueID `json:"overflow" maxLength:"64" doc:"empty: the flow decides"`
	RingFor     int             `json:"ring_for" minimum:"5" maximum:"120"`
	WrapUp      int             `json:"wrap_up" minimum:"0" maximum:"3600"`
	Codes       []string        `json:"codes" nullable:"false" maxItems:"100"`
	CodeNeeded  bool            `json:"code_needed"`
	Target      int             `json:"target" minimum:"1" maximum:"600" doc:"an answer within it counts for the service level"`
	ShortWithin int             `json:"short_within" minimum:"0" maximum:"60"`
	TellEvery   int             `json:"tell_every" minimum:"0" maximum:"600" doc:"0: on arrival only"`
}

// SkillDegree is a skill and a degree of it, 1 to 10.
type SkillDegree struct {
	Name   string `json:"name" minLength:"1" maxLength:"40"`
	Degree int    `json:"degree" minimum:"1" maximum:"10"`
}

// QueueWidening lowers what is asked for after some waiting.
type QueueWidening struct {
	After int `json:"after" minimum:"1" maximum:"3600"`
	Lower int `json:"lower" minimum:"1" maximum:"10"`
}

// SkillsView answers GET /skills.
type SkillsView struct {
	Names  []string     `json:"names" nullable:"false" doc:"every skill that a queue asks for or somebody has"`
	People []SkilledOne `json:"people" nullable:"false"`
}

// SkilledOne is an operator and what he can do.
type SkilledOne struct {
	ID     sekisho.PersonID `json:"id"`
	Name   string           `json:"name"`
	Login  string           `json:"login"`
	Skills []SkillDegree    `json:"skills" nullable:"false"`
}

// LogValue hides who it is.
func (SkilledOne) LogValue() slog.Value { return hidden }

func settingsView(s acd.Settings) QueueSettings {
	out := QueueSettings{
		Strategy: s.Strategy, Skills: make([]SkillDegree, 0, len(s.Skills)), Widen: make([]QueueWidening, 0, len(s.Widen)),
		Home: s.Home, Office: s.Office, HomeLittle: s.HomeLittle, MinTier: s.MinTier, Priority: s.Priority,
		MaxWait: inSeconds(s.MaxWait), MaxLength: s.MaxLength, Overflow: s.Overflow, RingFor: inSeconds(s.RingFor), WrapUp: inSeconds(s.WrapUp),
		Codes: append([]string{}, s.Codes...), CodeNeeded: s.CodeNeeded, Target: inSeconds(s.Target), ShortWithin: inSeconds(s.ShortWithin), TellEvery: inSeconds(s.TellEvery),
	}
	for _, k := range s.Skills {
		out.Skills = append(out.Skills, SkillDegree{Name: k.Name, Degree: k.Min})
	}
	for _, w := range s.Widen {
		out.Widen = append(out.Widen, QueueWidening{After: inSeconds(w.After), Lower: w.Lower})
	}
	return out
}

func (s QueueSettings) settings() acd.Settings {
	out := acd.Settings{
		Strategy: s.Strategy, Home: s.Home, Office: s.Office, HomeLittle: s.HomeLittle, MinTier: s.MinTier, Priority: s.Priority,
		MaxWait: ofSeconds(s.MaxWait), MaxLength: s.MaxLength, Overflow: s.Overflow, RingFor: ofSeconds(s.RingFor), WrapUp: ofSeconds(s.WrapUp),
		Codes: s.Codes, CodeNeeded: s.CodeNeeded, Target: ofSeconds(s.Target), ShortWithin: ofSeconds(s.ShortWithin), TellEvery: ofSeconds(s.TellEvery),
	}
	for _, k := range s.Skills {
		out.Skills = append(out.Skills, acd.Skill{Name: k.Name, Min: k.Degree})
	}
	for _, w := range s.Widen {
		out.Widen = append(out.Widen, acd.Widening{After: ofSeconds(w.After), Lower: w.Lower})
	}
	return out
}

func inSeconds(d time.Duration) int { return int(d / time.Second) }

func ofSeconds(n int) time.Duration { return time.Duration(n) * time.Second }
