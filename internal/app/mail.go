package app

import (
	"context"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/gate/permits"
	"github.com/sekisho/sekisho/internal/gate/reminders"
	"github.com/sekisho/sekisho/internal/gate/training"
	"github.com/sekisho/sekisho/internal/wire"
)

// MailSettings name the mail server by which people are reminded; without a host
// there is none.
type MailSettings struct {
	Host         string `toml:"host"`
	Port         int    `toml:"port"`
	TLS          string `toml:"tls"` // "implicit" or "starttls"
	User         string `toml:"user"`
	PasswordFile string `toml:"password_file"`
	From         string `toml:"from"`
	CA           string `toml:"ca"` // PEM file, where the system does not know the server's authority
}

func (s MailSettings) of() reminders.Settings { return reminders.Settings(s) }

// remind makes the room that sends mail, with what it tells of.
func (h *House) remind() (err error) {
	h.reminders, err = reminders.New(h.db, h.clock, h.log, activePeople{h.people}, h.settings.Mail.of(),
		trainingDue{h.training, h.people}, permitsDue{h.permits}, contractsDue{h.people})
	if err != nil {
		return errSettings.Because(err)
	}
	return nil
}

// activePeople names those who may pass.
type activePeople struct{ people *operators.Operators }

func (a activePeople) Active(ctx context.Context) (map[sekisho.PersonID]string, error) {
	list, err := a.people.List(ctx)
	out := make(map[sekisho.PersonID]string, len(list))
	for _, p := range list {
		if p.Active {
			out[p.ID] = p.Name
		}
	}
	return out, err
}

// trainingDue tells operators what training still asks of them.
type trainingDue struct {
	training *training.Training
	people   *operators.Operators
}

func (s trainingDue) Due(ctx context.Context, now time.Time) (out []reminders.Item, err error) {
	list, err := s.people.List(ctx)
	if err != nil {
		return nil, err
	}
	var ids []sekisho.PersonID
	for _, p := range list {
		if p.Has(sekisho.RoleOperator) {
			ids = append(ids, p.ID)
		}
	}
	titles, err := s.titles(ctx)
	if err != nil {
		return nil, err
	}
	standings, err := s.training.People(ctx, ids)
	for p, standing := range standings {
		if standing.Since.IsZero() || !standing.Rules.Required {
			continue // his grace has not begun, or nobody is refused
		}
		for _, n := range standing.Needs {
			if n.State(standing.Rules, now) == training.StateDone {
				continue
			}
			what := wire.Words{JA: "練習業務", EN: "Practice work"}
			switch {
			case n.Course != "":
				t := titles["course "+string(n.Course)]
				what = wire.Words{JA: "理解度テスト「" + t.JA + "」", EN: "Quiz: " + t.EN}
			case n.Document != "":
				t := titles["document "+string(n.Document)]
				what = wire.Words{JA: "規程の確認「" + t.JA + "」", EN: "Rules to acknowledge: " + t.EN}
			}
			out = append(out, reminders.Item{Person: p, What: what, Due: n.Due})
		}
	}
	return out, err
}

// titles names courses and documents.
func (s trainingDue) titles(ctx context.Context) (map[string]wire.Words, error) {
	courses, err := s.training.Courses(ctx)
	if err != nil {
		return nil, err
	}
	documents, err := s.training.Documents(ctx)
	out := map[string]wire.Words{}
	for _, c := range courses {
		out["course "+string(c.ID)] = c.Title
	}
	for _, d := range documents {
		out["document "+string(d.ID)] = d.Title
	}
	return out, err
}

// permitsDue tells people that their leave to take a PC out ends.
type permitsDue struct{ permits *permits.Permits }

func (s permitsDue) Due(ctx context.Context, now time.Time) (out []reminders.Item, err error) {
	list, err := s.permits.List(ctx)
	for _, p := range list {
		if p.Counts(now) {
			out = append(out, reminders.Item{Person: p.Person, What: wire.Words{JA: "PC持出許可", EN: "Take-home permit"}, Due: p.Until.Add(-time.Second)})
		}
	}
	return out, err
}

// contractsDue tells supervisors whose contract ends: how many, by day, and no
// name of anybody but the one who is told.
type contractsDue struct{ people *operators.Operators }

func (s contractsDue) Due(ctx context.Context, now time.Time) (out []reminders.Item, err error) {
	list, err := s.people.List(ctx)
	if err != nil {
		return nil, err
	}
	ending := map[operators.Day]int{}
	for _, p := range list {
		if p.Active && p.LastDay != "" {
			ending[p.LastDay]++
		}
	}
	for _, sv := range list {
		if !sv.Has(sekisho.RoleSupervisor) {
			continue
		}
		for day, n := range ending {
			count := people(n)
			out = append(out, reminders.Item{
				Person: sv.ID, Due: day.End().Add(-time.Second),
				What: wire.Words{JA: "契約終了（" + count.JA + "）。氏名は管理画面の利用者で確認できます", EN: "Contracts that end: " + count.EN + "; see People in the console"},
			})
		}
	}
	return out, nil
}
