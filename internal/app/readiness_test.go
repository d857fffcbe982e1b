package app

import (
	"context"
	"fmt"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/gate/readiness"
	"github.com/sekisho/sekisho/internal/gate/training"
)

func measures(t *testing.T, srv *Server, within func(sekisho.PersonID) bool) map[readiness.ID]readiness.Measured {
	t.Helper()
	list, err := srv.readiness.Measures(t.Context(), within)
	if err != nil {
		t.Fatal(err)
	}
	out := map[readiness.ID]readiness.Measured{}
	for _, m := range list {
		out[m.ID] = m
	}
	return out
}

// TestEveryMeasureHasASource in the demonstration, and is what it shows there;
// one whose table is gone is unknown, and never green.
func TestEveryMeasureHasASource(t *testing.T) {
	srv, seeded := opened(t)
	all := measures(t, srv, nil)
	for _, m := range readiness.Measures {
		if got := all[m.ID]; got.Trouble == readiness.Unreadable || got.Light == "" {
			t.Errorf("%s: %s, %s", m.ID, got.Light, got.Trouble)
		}
	}
	for id, want := range map[readiness.ID]readiness.Light{
		readiness.Log: readiness.Green, readiness.SIEM: readiness.Amber, readiness.Levels: readiness.Green, readiness.Roster: readiness.Green,
		readiness.Officers: readiness.Green, readiness.Disaster: readiness.Amber, readiness.Room: readiness.Red, readiness.Addresses: readiness.Amber,
		readiness.TPM: readiness.Unknown, // nobody has a PC yet
	} {
		if all[id].Light != want {
			t.Errorf("%s: %+v, want %s", id, all[id], want)
		}
	}
	if room := all[readiness.Room]; room.Tally.All() != 4 { // the invented operators
		t.Errorf("%+v", room)
	}
	untrained := sekisho.PersonID(seeded.People["operator4"])
	one := measures(t, srv, func(p sekisho.PersonID) bool { return p == untrained })
	if one[readiness.Training].Light != readiness.Red || one[readiness.Documents].Light != readiness.Red {
		t.Errorf("%+v", one[readiness.Training])
	}
	if _, told := one[readiness.SIEM]; told {
		t.Error("the centre's own affairs are told of one person")
	}
	if err := srv.db.Write(t.Context(), func(tx storage.Tx) error {
		_, err := tx.Exec(t.Context(), "ALTER TABLE training_attempts RENAME TO training_attempts_gone")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	srv.House.readiness = srv.readinessOf() // asks anew
	broken := measures(t, srv, nil)
	if m := broken[readiness.Training]; m.Light != readiness.Unknown || m.Trouble != readiness.Unreadable {
		t.Errorf("what cannot be read: %+v", m)
	}
	if broken[readiness.Roster].Light != readiness.Green {
		t.Error("one source took others with it")
	}
}

// TestPracticeCountsAsTraining, and whom nothing was told of is never green.
func TestPracticeCountsAsTraining(t *testing.T) {
	now := time.Now()
	document := training.Need{Document: "pledge", Done: now.Add(-time.Hour)}
	for _, c := range []struct {
		s                   training.Standing
		known               bool
		training, documents readiness.Light
	}{
		{known: false, training: readiness.Unknown, documents: readiness.Unknown},
		{known: true}, // nothing is asked, nothing is counted
		{training.Standing{Needs: []training.Need{document}}, true, "", readiness.Green},
		{training.Standing{Needs: []training.Need{document, {Practice: true, Due: now.Add(-time.Hour)}}}, true, readiness.Red, readiness.Green},
		{training.Standing{Needs: []training.Need{{Document: "pledge", Due: now.Add(-time.Hour)}, {Practice: true, Done: now.Add(-time.Hour)}}}, true, readiness.Green, readiness.Red},
	} {
		if got := trained(c.s, c.known, now); got[readiness.Training] != c.training || got[readiness.Documents] != c.documents {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// held is a basis of one PC in a state, with somebody whose contract is over.
func held(state devices.State) basis {
	return basis{
		people: func() ([]operators.Person, error) { return []operators.Person{{ID: "op", LastDay: "2026-01-31"}}, nil },
		pcs: func() ([]devices.Device, error) {
			return []devices.Device{{ID: "pc", State: state, Asset: devices.Asset{Person: "op"}}}, nil
		},
	}
}

// TestASuspendedPCIsStillOut with whoever holds it, until it is returned or revoked.
func TestASuspendedPCIsStillOut(t *testing.T) {
	srv, _ := opened(t)
	if err := srv.db.Write(t.Context(), func(tx storage.Tx) error {
		_, err := tx.Exec(t.Context(), "INSERT INTO loans_loans (device, until, since, back, back_to, note) VALUES ('pc', ?, 0, 0, '', '')", storage.Micros(time.Now().Add(-time.Hour)))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	f := facts{srv.House}
	for state, out := range map[devices.State]bool{devices.Issued: true, devices.Suspended: true, devices.Returned: false, devices.Revoked: false} {
		contracts, err := f.contracts(t.Context(), held(state))
		if got := contracts[readiness.Contract]; err != nil || (len(got) == 1 && got[0].Light == readiness.Red) != out {
			t.Errorf("%s, contract over: %v, %v", state, got, err)
		}
		due, err := f.due(t.Context(), held(state))
		if got := due[readiness.Due]; err != nil || (len(got) == 1 && got[0].Light == readiness.Red) != out {
			t.Errorf("%s, past its day: %v, %v", state, got, err)
		}
	}
}

// TestAccessoriesAreDueWithTheirPC: what is still out says nothing, what is missing
// does wherever its PC is.
func TestAccessoriesAreDueWithTheirPC(t *testing.T) {
	srv, _ := opened(t)
	set := func(state string) {
		t.Helper()
		if err := srv.db.Write(t.Context(), func(tx storage.Tx) error {
			_, err := tx.Exec(t.Context(), "INSERT INTO loans_items (device, number, name, state) VALUES ('pc', 1, 'ヘッドセット', ?) ON CONFLICT (device, number) DO UPDATE SET state = excluded.state", state)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		pc   devices.State
		item string
		want []readiness.Subject
	}{
		{devices.Issued, "out", nil},
		{devices.Suspended, "missing", []readiness.Subject{{Person: "op", Light: readiness.Red}}},
		{devices.Returned, "back", []readiness.Subject{{Person: "op", Light: readiness.Green}}},
		{devices.Revoked, "missing", []readiness.Subject{{Person: "op", Light: readiness.Red}}},
	} {
		set(c.item)
		got, err := facts{srv.House}.items(t.Context(), held(c.pc))
		if err != nil || !slices.Equal(got[readiness.Accessories], c.want) {
			t.Errorf("%s, %s: %v, %v", c.pc, c.item, got[readiness.Accessories], err)
		}
	}
}

// TestAPasswordConfirmsNothing: whoever has no passkey is no second administrator or officer.
func TestAPasswordConfirmsNothing(t *testing.T) {
	for _, role := range []sekisho.Role{sekisho.RoleAdministrator, sekisho.RoleOfficer, sekisho.RoleSupervisor} {
		password := operators.Person{Password: operators.PasswordSet}
		if can(password, role) != (role == sekisho.RoleSupervisor) || !can(operators.Person{Passkeys: 1}, role) || can(operators.Person{}, role) {
			t.Errorf("%s", role)
		}
	}
}

func TestWhatNamesAnAccessory(t *testing.T) {
	for _, name := range []string{"のぞき見防止フィルター", "プライバシーフィルタ", "ﾌﾟﾗｲﾊﾞｼｰﾌｨﾙﾀｰ", "Privacy Filter 14"} {
		if !isFilter(name) || isLock(name) {
			t.Errorf("%s", name)
		}
	}
	for _, name := range []string{"ワイヤーロック", "ワイヤロック", "Kensington lock", "Cable Lock"} {
		if !isLock(name) || isFilter(name) {
			t.Errorf("%s", name)
		}
	}
	if isFilter("ヘッドセット") || isLock("マウス") || isLock("") {
		t.Error("another accessory passes")
	}
}

// BenchmarkReadinessOfTenThousand surveys a centre of 10,000 operators, each with
// a PC at home: the page must come in well under a second.
func BenchmarkReadinessOfTenThousand(b *testing.B) {
	set := DefaultSettings()
	set.Data = b.TempDir()
	if err := set.complete(); err != nil {
		b.Fatal(err)
	}
	h, err := Build(b.Context(), set, clock.System())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := h.Close(); err != nil {
			b.Error(err)
		}
	})
	people, err := h.people.SeedDemo(b.Context(), append(demoPeople[:len(demoPeople):len(demoPeople)], fleetPeople(10_000)...))
	if err != nil {
		b.Fatal(err)
	}
	fleet := people[len(demoPeople):]
	for n := range len(fleet) / devices.MaxKit {
		assets := []devices.Asset{}
		for i, p := range fleet[n*devices.MaxKit : (n+1)*devices.MaxKit] {
			assets = append(assets, devices.Asset{Tag: fmt.Sprintf("PC-%05d", n*devices.MaxKit+i), Place: sekisho.PlaceHome, Person: p.ID, Policy: "home"})
		}
		if _, err := h.devices.Kit(b.Context(), audit.Actor{Person: people[5].ID}, assets, "gate.example:8444", func(context.Context, storage.Tx, []devices.Device) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	if err := h.db.Write(b.Context(), func(tx storage.Tx) error { return filled(b.Context(), tx, h.clock.Now()) }); err != nil {
		b.Fatal(err)
	}
	before := processor(b)
	for b.Loop() {
		h.readiness = h.readinessOf() // no survey is shared
		if _, err := h.readiness.Measures(b.Context(), nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((processor(b)-before).Milliseconds())/float64(b.N), "cpu-ms/op") // what other work beside it does not change
}

// processor is how much processor time this process has used.
func processor(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// filled gives every PC of the benchmark what a PC in use has: it is issued, it
// reported, it went out with accessories, and its holder checked his room.
func filled(ctx context.Context, tx storage.Tx, now time.Time) error {
	at := storage.Micros(now)
	report := `{"connection":"c","number":1,"platform":"linux","agent":"1.0.0","disk":{"encrypted":true}}`
	for _, q := range []struct {
		text string
		args []any
	}{
		{"UPDATE devices_devices SET state = 'issued'", nil},
		{"INSERT INTO posture_reports (device, connection, body, outcomes, at) SELECT id, 'c', ?, '{}', ? FROM devices_devices", []any{report, at}},
		{"INSERT INTO loans_items (device, number, name, state) SELECT id, 1, 'プライバシーフィルター', 'out' FROM devices_devices", nil},
		{"INSERT INTO loans_items (device, number, name, state) SELECT id, 2, 'ワイヤーロック', 'out' FROM devices_devices", nil},
		{`INSERT INTO readiness_checks (id, person, device, session, at, rules, answers, remark, ready, photo_until, state, decided, decider, note)
			SELECT id, person, id, 's', ?, 0, '[]', '', 1, 0, 'accepted', ?, 'sv', '' FROM devices_devices`, []any{at, at}},
	} {
		if _, err := tx.Exec(ctx, q.text, q.args...); err != nil {
			return err
		}
	}
	return nil
}
