package posture

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Surveyed is how one PC stood when it reported last.
type Surveyed struct {
	At     time.Time         // of the report; zero where there is none
	Meets  bool              // nothing that closes failed, by the rules in force now
	Checks map[string]string // outcome by check
	Placed bool              // it has a place of its own
}

// Subject is a PC that a survey asks for, with the guard policy that it is under.
type Subject struct {
	Device sekisho.DeviceID
	Policy sekisho.PolicyName
	Place  sekisho.Place
}

// Survey tells the same as OfDevice, in short, of many PCs at once.
func (r *Posture) Survey(ctx context.Context, of []Subject) (map[sekisho.DeviceID]Surveyed, error) {
	out := make(map[sekisho.DeviceID]Surveyed, len(of))
	err := r.db.Read(ctx, func(tx storage.Tx) error {
		reports, err := allReports(ctx, tx)
		if err != nil {
			return err
		}
		places, err := allPlaces(ctx, tx)
		if err != nil {
			return err
		}
		type under struct {
			policy sekisho.PolicyName
			place  sekisho.Place
		}
		rules := map[under]wire.PostureRules{}
		for _, s := range of {
			key := under{s.Policy, s.Place}
			if _, known := rules[key]; !known {
				if rules[key], err = newest(ctx, tx, s.Policy, s.Place); err != nil {
					return err
				}
			}
			one := Surveyed{Placed: len(places[s.Device]) > 0}
			if k, ok := reports[s.Device]; ok {
				v := judge(seen{device: s.Device, own: places[s.Device], report: &k.Report}, rules[key])
				one.At, one.Meets, one.Checks = k.At, failing(v) == "", outcomes(v)
			}
			out[s.Device] = one
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("posture: survey: %w", err)
	}
	return out, nil
}

func allReports(ctx context.Context, tx storage.Tx) (map[sekisho.DeviceID]kept, error) {
	rows, err := tx.Query(ctx, "SELECT device, body, at FROM posture_reports")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[sekisho.DeviceID]kept{}
	for rows.Next() {
		var d sekisho.DeviceID
		var body string
		var at int64
		if err := rows.Scan(&d, &body, &at); err != nil {
			return nil, err
		}
		k := kept{At: storage.Time(at)}
		if err := json.Unmarshal([]byte(body), &k.Report); err != nil {
			return nil, err
		}
		out[d] = k
	}
	return out, rows.Err()
}

func allPlaces(ctx context.Context, tx storage.Tx) (map[sekisho.DeviceID][]wire.PosturePlace, error) {
	rows, err := tx.Query(ctx, "SELECT device, body FROM posture_places")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[sekisho.DeviceID][]wire.PosturePlace{}
	for rows.Next() {
		var d sekisho.DeviceID
		var body string
		if err := rows.Scan(&d, &body); err != nil {
			return nil, err
		}
		var p wire.PosturePlace
		if err := strict(body, &p); err != nil {
			return nil, err
		}
		out[d] = []wire.PosturePlace{p}
	}
	return out, rows.Err()
}
