package reminders

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Reminders is the room.
type Reminders struct {
	db      *storage.DB
	clk     clock.Clock
	log     Audit
	people  People
	set     Settings
	sources []Source
}

// New makes the room on a migrated database. It sends nothing before Run.
func New(db *storage.DB, clk clock.Clock, log Audit, people People, set Settings, sources ...Source) (*Reminders, error) {
	if err := set.Check(); err != nil {
		return nil, err
	}
	return &Reminders{db: db, clk: clk, log: log, people: people, set: set, sources: sources}, nil
}

// On says whether mail is sent at all.
func (r *Reminders) On() bool { return r.set.Host != "" }

// Address gives where a person is reminded; "" and "ja" for whoever has none.
func (r *Reminders) Address(ctx context.Context, p sekisho.PersonID) (out Recipient, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		out, err = address(ctx, tx, p)
		return err
	})
	if err != nil {
		return Recipient{}, fmt.Errorf("reminders: address: %w", err)
	}
	return out, nil
}

// SetAddress keeps where a person is reminded, and in which language; an empty
// address erases what was kept, waiting mails included.
func (r *Reminders) SetAddress(ctx context.Context, by, p sekisho.PersonID, to, language string) error {
	if to != "" && !ValidAddress(to) || language != "ja" && language != "en" {
		return errAddress
	}
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		kind := "mail.address_set"
		if to == "" {
			kind = "mail.address_erased"
			if err := forget(ctx, tx, p); err != nil {
				return err
			}
		} else if err := saveAddress(ctx, tx, p, to, language); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: kind, Actor: audit.Actor{Person: by, Role: sekisho.RoleAdministrator}, Object: audit.Object{Type: "person", ID: string(p)},
			Decision: audit.Allow, Detail: map[string]string{"language": language},
		})
	})
	if err != nil {
		return fmt.Errorf("reminders: set address: %w", err)
	}
	return nil
}

// ForgetPerson erases what is kept of a person who left.
func (r *Reminders) ForgetPerson(ctx context.Context, p sekisho.PersonID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		had, err := address(ctx, tx, p)
		if err != nil || had.Address == "" {
			return err
		}
		if err := forget(ctx, tx, p); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "mail.address_erased", Actor: audit.Actor{Process: "server"}, Object: audit.Object{Type: "person", ID: string(p)}, Closing: true,
		})
	})
	if err != nil {
		return fmt.Errorf("reminders: forget: %w", err)
	}
	return nil
}

// fromHour is when a day's mails are planned, in Japan: nobody is woken.
const fromHour = 8

// plan puts the day's mails into the queue, once: one for each person who has an
// address and something to be told today.
func (r *Reminders) plan(ctx context.Context) error {
	now := r.clk.Now()
	if now.In(japan).Hour() < fromHour {
		return nil
	}
	day := now.In(japan).Format("2006-01-02")
	done := false
	if err := r.db.Read(ctx, func(tx storage.Tx) (err error) {
		done, err = planned(ctx, tx, day)
		return err
	}); err != nil || done {
		return err
	}
	due := map[sekisho.PersonID][]Item{}
	for _, s := range r.sources {
		items, err := s.Due(ctx, now)
		if err != nil {
			return fmt.Errorf("reminders: what is due: %w", err)
		}
		for _, it := range items {
			if tellToday(it.Due, now) {
				due[it.Person] = append(due[it.Person], it)
			}
		}
	}
	names, err := r.people.Active(ctx)
	if err != nil {
		return fmt.Errorf("reminders: people: %w", err)
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		all, err := addresses(ctx, tx)
		if err != nil {
			return err
		}
		n := 0
		for _, to := range all {
			name, active := names[to.Person]
			if to.Name = name; !active || len(due[to.Person]) == 0 {
				continue
			}
			if err := insertMail(ctx, tx, queued{id: wire.NewID(), person: to.Person, day: day, text: body(to, due[to.Person], now), next: now}); err != nil {
				return err
			}
			n++
		}
		if err := notePlanned(ctx, tx, day, now); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "mail.planned", Actor: audit.Actor{Process: "server"}, Object: audit.Object{Type: "mail", ID: day}, Closing: true,
			Detail: map[string]string{"mails": strconv.Itoa(n)},
		})
	})
	if storage.Duplicate(err) {
		return nil // another server did it
	}
	return err
}

// Test sends one mail now, and says what is wrong.
func (s Settings) Test(ctx context.Context, to, language string, now time.Time) error {
	if s.Host == "" {
		return errOff
	}
	text := "関所からの試験のメールです。これが届けば、お知らせメールの設定は正しく動いています。\n"
	if language == "en" {
		text = "This is a test mail from Sekisho. If it arrives, the settings for reminders work.\n"
	}
	return s.send(ctx, to, message(s.From, to, language, text, wire.NewID(), now))
}
