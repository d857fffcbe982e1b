package acd

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

const (
	maxQueues = 500 // of the centre
	maxSkills = 50  // of one person
	maxSpan   = 93 * 24 * time.Hour
)

var (
	errWork        = sekisho.Fail(sekisho.KindInvalid, "queue.work")
	errTarget      = sekisho.Fail(sekisho.KindInvalid, "queue.overflow")
	errNamed       = sekisho.Fail(sekisho.KindConflict, "queue.name_taken")
	errMany        = sekisho.Fail(sekisho.KindConflict, "queue.too_many")
	errRetired     = sekisho.Fail(sekisho.KindConflict, "queue.retired")
	errBadSkills   = sekisho.Fail(sekisho.KindInvalid, "acd.skills")
	errPeriod      = sekisho.Fail(sekisho.KindInvalid, "acd.period")
	errNobodyThere = sekisho.Fail(sekisho.KindInvalid, "acd.person")
)

// Create makes a queue of a work. ID and Retired of q are set here.
func (r *ACD) Create(ctx context.Context, by sekisho.PersonID, q Queue) (Queue, error) {
	q.ID, q.Retired = sekisho.QueueID(wire.NewID()), false
	if err := r.judge(ctx, q); err != nil {
		return Queue{}, fmt.Errorf("acd: create: %w", err)
	}
	r.configuring.Lock()
	defer r.configuring.Unlock()
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if err := among(ctx, tx, q); err != nil {
			return err
		}
		if err := insertQueue(ctx, tx, q, r.clk.Now()); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "queue.created", Actor: supervisor(by), Object: object(q.ID), Decision: audit.Allow,
			Detail: map[string]string{"name": q.Name, "client": string(q.Client), "work": string(q.Work), "changed": difference(Settings{}, q.Settings)},
		})
	})
	if err != nil {
		return Queue{}, fmt.Errorf("acd: create: %w", err)
	}
	r.Do(SetQueue{Queue: q})
	return q, nil
}

// Change names a queue anew, or sets it otherwise. Its work stays.
func (r *ACD) Change(ctx context.Context, by sekisho.PersonID, id sekisho.QueueID, name string, s Settings) (q Queue, err error) {
	if err := r.judgeSettings(name, s); err != nil {
		return Queue{}, fmt.Errorf("acd: change: %w", err)
	}
	r.configuring.Lock()
	defer r.configuring.Unlock()
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		was, err := loadQueue(ctx, tx, id)
		if err != nil {
			return err
		}
		if was.Retired {
			return errRetired
		}
		q = was
		q.Name, q.Settings = name, s
		if err := among(ctx, tx, q); err != nil {
			return err
		}
		if err := updateQueue(ctx, tx, q, time.Time{}); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "queue.changed", Actor: supervisor(by), Object: object(id), Decision: audit.Allow,
			Detail: map[string]string{"name": q.Name, "changed": difference(was.Settings, s)},
		})
	})
	if err != nil {
		return Queue{}, fmt.Errorf("acd: change %s: %w", id, err)
	}
	r.Do(SetQueue{Queue: q})
	return q, nil
}

// Retire ends a queue. Calls that wait in it are still served.
func (r *ACD) Retire(ctx context.Context, by sekisho.PersonID, id sekisho.QueueID) error {
	r.configuring.Lock()
	defer r.configuring.Unlock()
	var q Queue
	err := r.db.Write(ctx, func(tx storage.Tx) (err error) {
		if q, err = loadQueue(ctx, tx, id); err != nil {
			return err
		}
		if q.Retired {
			return errRetired
		}
		q.Retired = true
		if err := updateQueue(ctx, tx, q, r.clk.Now()); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "queue.retired", Actor: supervisor(by), Object: object(id), Decision: audit.Allow, Closing: true, Detail: map[string]string{"name": q.Name},
		})
	})
	if err != nil {
		return fmt.Errorf("acd: retire %s: %w", id, err)
	}
	r.Do(SetQueue{Queue: q})
	return nil
}

// List gives every queue, retired ones too, by client, work and name.
func (r *ACD) List(ctx context.Context) (out []Queue, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		out, err = queues(ctx, tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("acd: list: %w", err)
	}
	return out, nil
}

// SetSkills says what somebody can do, by degrees of 1 to MaxSkill. It counts at once.
func (r *ACD) SetSkills(ctx context.Context, by, person sekisho.PersonID, can map[string]int) error {
	if person == "" {
		return fmt.Errorf("acd: skills: %w", errNobodyThere)
	}
	words := make([]string, 0, len(can))
	for _, name := range slices.Sorted(maps.Keys(can)) {
		if can[name] < 1 || can[name] > MaxSkill || !validWord(name, 40) || len(can) > maxSkills {
			return fmt.Errorf("acd: skills: %w", errBadSkills)
		}
		words = append(words, name+" "+strconv.Itoa(can[name]))
	}
	r.configuring.Lock()
	defer r.configuring.Unlock()
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if err := storeSkills(ctx, tx, person, can); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "agent.skills_changed", Actor: supervisor(by), Object: audit.Object{Type: "person", ID: string(person)}, Decision: audit.Allow,
			Detail: map[string]string{"skills": strings.Join(words, ", ")},
		})
	})
	if err != nil {
		return fmt.Errorf("acd: skills: %w", err)
	}
	kept := maps.Clone(can)
	if kept == nil {
		kept = map[string]int{} // nothing, which is not the same as what he had
	}
	r.keepSkills(person, kept)
	r.Do(AgentSkills{Agent: person, Skills: kept})
	return nil
}

// Skills gives everybody's.
func (r *ACD) Skills(ctx context.Context) (out map[sekisho.PersonID]map[string]int, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		out, err = skills(ctx, tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("acd: skills: %w", err)
	}
	return out, nil
}

// ForgetPerson deletes the skills of somebody whose contract has ended.
func (r *ACD) ForgetPerson(ctx context.Context, person sekisho.PersonID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error { return storeSkills(ctx, tx, person, nil) })
	if err != nil {
		return fmt.Errorf("acd: forget: %w", err)
	}
	r.keepSkills(person, nil)
	return nil
}

func (r *ACD) judgeSettings(name string, s Settings) error {
	if !validWord(name, 64) {
		return errName
	}
	return s.valid()
}

// judge looks at what stands outside of this room's tables.
func (r *ACD) judge(ctx context.Context, q Queue) error {
	if err := r.judgeSettings(q.Name, q.Settings); err != nil {
		return err
	}
	file, err := r.deps.Clients.Get(ctx, q.Client)
	if err != nil {
		return err
	}
	for _, w := range file.Works {
		if w.ID == q.Work && w.Ended.IsZero() && file.Client.Ended.IsZero() {
			return nil
		}
	}
	return errWork
}

// among judges a queue beside the others: no client's calls overflow to another's.
func among(ctx context.Context, tx storage.Tx, q Queue) error {
	all, err := queues(ctx, tx)
	if err != nil {
		return err
	}
	n, found := 0, q.Overflow == ""
	for _, o := range all {
		switch {
		case o.ID == q.ID:
			continue
		case o.ID == q.Overflow:
			found = !o.Retired && o.Client == q.Client
		}
		if !o.Retired {
			n++
		}
		if o.Name == q.Name && o.Work == q.Work && !o.Retired {
			return errNamed
		}
	}
	switch {
	case !found:
		return errTarget
	case n >= maxQueues:
		return errMany
	}
	return nil
}

// difference names the settings that are others, with both values.
func difference(a, b Settings) string {
	was, is := fields(a), fields(b)
	var out []string
	for _, name := range slices.Sorted(maps.Keys(is)) {
		if string(was[name]) != string(is[name]) {
			out = append(out, name+": "+string(was[name])+" → "+string(is[name]))
		}
	}
	return strings.Join(out, ", ")
}

func fields(s Settings) map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	text, err := json.Marshal(s)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		panic("acd: settings: " + err.Error()) // numbers, words and lists of them
	}
	return out
}

func supervisor(by sekisho.PersonID) audit.Actor {
	return audit.Actor{Person: by, Role: sekisho.RoleSupervisor}
}

func object(id sekisho.QueueID) audit.Object { return audit.Object{Type: "queue", ID: string(id)} }
