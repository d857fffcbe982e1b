package training

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// held is the newest version of a scenario, retired or not.
type held struct {
	Scenario
	retired bool
}

const scenarioColumns = "id, version, body, since, retired"

// newestOf is the highest version of each scenario.
const newestOf = " FROM training_scenarios s WHERE version = (SELECT MAX(w.version) FROM training_scenarios w WHERE w.id = s.id)"

func scanScenario(row interface{ Scan(...any) error }) (h held, err error) {
	var id, body string
	var since, retired int64
	if err = row.Scan(&id, &h.Version, &body, &since, &retired); err != nil {
		return h, err
	}
	h.ID, h.Since, h.retired = sekisho.ScenarioID(id), storage.Time(since), retired != 0
	return h, json.Unmarshal([]byte(body), &h.Scenario)
}

func newestScenarios(ctx context.Context, tx storage.Tx) ([]held, error) {
	return all(ctx, tx, func(rows *sql.Rows) (held, error) { return scanScenario(rows) }, "SELECT "+scenarioColumns+newestOf+" ORDER BY since, seq, id")
}

func scenarios(ctx context.Context, tx storage.Tx) (out []Scenario, err error) {
	list, err := newestScenarios(ctx, tx)
	for _, h := range list {
		if !h.retired {
			out = append(out, h.Scenario)
		}
	}
	return out, err
}

// scenariosAsked reads ids and times alone: every login asks for them.
func scenariosAsked(ctx context.Context, tx storage.Tx) ([]Scenario, error) {
	return all(ctx, tx, func(rows *sql.Rows) (s Scenario, err error) {
		var id string
		var since int64
		err = rows.Scan(&id, &since)
		s.ID, s.Since = sekisho.ScenarioID(id), storage.Time(since)
		return s, err
	}, "SELECT id, since"+newestOf+" AND retired = 0 ORDER BY since, seq, id")
}

func scenario(ctx context.Context, tx storage.Tx, id sekisho.ScenarioID) (Scenario, error) {
	h, err := scanScenario(tx.QueryRow(ctx, "SELECT "+scenarioColumns+newestOf+" AND id = ?", string(id)))
	if errors.Is(err, sql.ErrNoRows) || err == nil && h.retired {
		return Scenario{}, errNoScenario
	}
	return h.Scenario, err
}

// scenarioAt reads the very version that a run plays.
func scenarioAt(ctx context.Context, tx storage.Tx, id sekisho.ScenarioID, version int) (Scenario, error) {
	h, err := scanScenario(tx.QueryRow(ctx, "SELECT "+scenarioColumns+" FROM training_scenarios WHERE id = ? AND version = ?", string(id), version))
	if errors.Is(err, sql.ErrNoRows) {
		return Scenario{}, errNoScenario
	}
	return h.Scenario, err
}

// sameBody says whether two scenarios tell the same.
func sameBody(a, b Scenario) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

func insertScenario(ctx context.Context, tx storage.Tx, s Scenario, at time.Time) error {
	body, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if s.Since.IsZero() {
		s.Since = at
	}
	_, err = tx.Exec(ctx, `INSERT INTO training_scenarios (id, version, seq, title_ja, title_en, body, since, at, retired)
		VALUES (?, ?, (SELECT COUNT(*) FROM training_scenarios), ?, ?, ?, ?, ?, 0)`,
		string(s.ID), s.Version, s.Title.JA, s.Title.EN, string(body), storage.Micros(s.Since), storage.Micros(at))
	return err
}

func retireScenario(ctx context.Context, tx storage.Tx, id sekisho.ScenarioID, version int, at time.Time) (bool, error) {
	return one(tx.Exec(ctx, "UPDATE training_scenarios SET retired = ? WHERE id = ? AND version = ? AND retired = 0", storage.Micros(at), string(id), version))
}

const runColumns = "id, person, scenario, version, state, turn, step, slips, verdict, form, shown, begun, ended"

func scanRun(row interface{ Scan(...any) error }) (n run, err error) {
	var id, person, scenario, shown string
	var begun, ended int64
	if err = row.Scan(&id, &person, &scenario, &n.version, &n.state, &n.turn, &n.step, &n.slips, &n.verdict, &n.form, &shown, &begun, &ended); err != nil {
		return n, err
	}
	n.id, n.person, n.scenario = sekisho.PracticeID(id), sekisho.PersonID(person), sekisho.ScenarioID(scenario)
	n.begun, n.ended = storage.Time(begun), storage.Time(ended)
	return n, json.Unmarshal([]byte(shown), &n.shown)
}

// loadRun reads a run of this person; another's does not exist for him.
func loadRun(ctx context.Context, tx storage.Tx, id sekisho.PracticeID, p sekisho.PersonID) (run, error) {
	n, err := scanRun(tx.QueryRow(ctx, "SELECT "+runColumns+" FROM training_practices WHERE id = ? AND person = ?", string(id), string(p)))
	if errors.Is(err, sql.ErrNoRows) {
		return run{}, errNoPractice
	}
	return n, err
}

func openRun(ctx context.Context, tx storage.Tx, p sekisho.PersonID, s sekisho.ScenarioID) (run, bool, error) {
	n, err := scanRun(tx.QueryRow(ctx, "SELECT "+runColumns+" FROM training_practices WHERE person = ? AND scenario = ? AND state = 'open'", string(p), string(s)))
	if errors.Is(err, sql.ErrNoRows) {
		return run{}, false, nil
	}
	return n, err == nil, err
}

func openRuns(ctx context.Context, tx storage.Tx, p sekisho.PersonID) (map[sekisho.ScenarioID]bool, error) {
	out := map[sekisho.ScenarioID]bool{}
	_, err := all(ctx, tx, func(rows *sql.Rows) (struct{}, error) {
		var id string
		err := rows.Scan(&id)
		out[sekisho.ScenarioID(id)] = true
		return struct{}{}, err
	}, "SELECT scenario FROM training_practices WHERE person = ? AND state = 'open'", string(p))
	return out, err
}

func runsSince(ctx context.Context, tx storage.Tx, p sekisho.PersonID, at time.Time) (n int, err error) {
	err = tx.QueryRow(ctx, "SELECT COUNT(*) FROM training_practices WHERE person = ? AND begun > ?", string(p), storage.Micros(at)).Scan(&n)
	return n, err
}

func insertRun(ctx context.Context, tx storage.Tx, by By, n run) error {
	shown, err := json.Marshal(n.shown)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "INSERT INTO training_practices ("+runColumns+", device, connection, session, class) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, '', '')",
		string(n.id), string(n.person), string(n.scenario), n.version, n.state, n.turn, n.step, n.slips, n.verdict, n.form, string(shown),
		storage.Micros(n.begun), string(by.Device), string(by.Connection))
	return err
}

// saveRun puts the run after a choice in place of the one at step seen; whoever
// comes second changes nothing. Connection and session are those of its
// end, and the device is the PC on which it counts.
func saveRun(ctx context.Context, tx storage.Tx, by By, n run, seen int) (bool, error) {
	shown, err := json.Marshal(n.shown)
	if err != nil {
		return false, err
	}
	return one(tx.Exec(ctx, `UPDATE training_practices SET state = ?, turn = ?, step = ?, slips = ?, verdict = ?, form = ?, shown = ?, ended = ?,
		device = ?, connection = ?, session = ?, class = ? WHERE id = ? AND state = 'open' AND step = ?`,
		n.state, n.turn, n.step, n.slips, n.verdict, n.form, string(shown), storage.Micros(n.ended),
		string(by.countsOn()), string(by.Connection), string(by.Session), string(by.Class), string(n.id), seen))
}

// practisedHere is when a person last finished each scenario, as it counts on one connection.
func practisedHere(ctx context.Context, tx storage.Tx, by By) (map[sekisho.ScenarioID]time.Time, error) {
	out := map[sekisho.ScenarioID]time.Time{}
	_, err := all(ctx, tx, func(rows *sql.Rows) (struct{}, error) {
		var id string
		var ended int64
		err := rows.Scan(&id, &ended)
		out[sekisho.ScenarioID(id)] = storage.Time(ended)
		return struct{}{}, err
	}, `SELECT scenario, MAX(ended) FROM training_practices WHERE person = ? AND state = 'done' AND (session <> '' OR device = ? OR connection = ?) GROUP BY scenario`,
		string(by.Person), string(by.Device), string(by.Connection))
	return out, err
}

// allPractised is the same of everybody, from what logins have confirmed.
func allPractised(ctx context.Context, tx storage.Tx) (map[sekisho.PersonID]map[sekisho.ScenarioID]time.Time, error) {
	out := map[sekisho.PersonID]map[sekisho.ScenarioID]time.Time{}
	_, err := all(ctx, tx, func(rows *sql.Rows) (struct{}, error) {
		var who, id string
		var ended int64
		err := rows.Scan(&who, &id, &ended)
		p := sekisho.PersonID(who)
		if out[p] == nil {
			out[p] = map[sekisho.ScenarioID]time.Time{}
		}
		out[p][sekisho.ScenarioID(id)] = storage.Time(ended)
		return struct{}{}, err
	}, "SELECT person, scenario, MAX(ended) FROM training_practices WHERE state = 'done' AND session <> '' GROUP BY person, scenario")
	return out, err
}
