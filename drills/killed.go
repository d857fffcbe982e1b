package drills

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// killedWhileWriting kills the server with SIGKILL while eight clients write,
// several times. Whoever got an answer must find its audit row afterwards, and
// the log must verify.
func killedWhileWriting(ctx context.Context, f *Field, r *Result) error {
	own, err := f.Own(ctx, "killed")
	if err != nil {
		return err
	}
	defer own.Close()
	key, err := own.CLI(ctx, "audit", "key")
	if err != nil {
		return err
	}
	answered, cutOff := []string{}, 0
	const rounds = 3
	for round := range rounds {
		admin, err := own.visitorAs(ctx, own.Seeded.People["admin"])
		if err != nil {
			return err
		}
		logins, cut, err := own.writeUntilKilled(ctx, admin, round)
		if err != nil {
			return err
		}
		answered, cutOff = append(answered, logins...), cutOff+cut
		if err := own.Serve(ctx); err != nil {
			return fmt.Errorf("the server did not come back: %w", err)
		}
	}
	rows, err := own.created(ctx)
	if err != nil {
		return err
	}
	people, err := own.logins(ctx)
	if err != nil {
		return err
	}
	lost := 0
	for _, login := range answered {
		if id := people[login]; id == "" || !rows[id] {
			lost++
		}
	}
	without := 0 // a change whose audit row is missing
	for _, id := range people {
		if !rows[id] {
			without++
		}
	}
	_, verified := own.CLI(ctx, "audit", "verify", "--key", key)
	r.Refused = lost == 0 && without == 0 && verified == nil
	r.Control = len(answered) > rounds && cutOff > 0 // it was in the middle of writing
	r.Evidence = fmt.Sprintf("%d kills: %d acts answered, %d cut off; %d answered acts without their row, %d people without theirs; audit verifies: %v",
		rounds, len(answered), cutOff, lost, without, verified == nil)
	return nil
}

// writeUntilKilled has eight clients create people and kills the server under them.
func (f *Field) writeUntilKilled(ctx context.Context, admin visitor, round int) (answered []string, cutOff int, err error) {
	ctx, stop := context.WithTimeout(ctx, 30*time.Second)
	defer stop()
	var mu sync.Mutex
	var writers sync.WaitGroup
	for w := range 8 {
		writers.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				login := fmt.Sprintf("killed-%d-%d-%d", round, w, n)
				code := admin.ask(ctx, http.MethodPost, "people", map[string]any{
					"name": "見本", "kana": "", "login": login, "roles": []string{"operator"}, "face_usable": true, "place": "home",
				})
				mu.Lock()
				if code == "200" {
					answered = append(answered, login)
					mu.Unlock()
					continue
				}
				cutOff++
				mu.Unlock()
				return // the server has gone
			}
		})
	}
	count := func() int { mu.Lock(); defer mu.Unlock(); return len(answered) }
	for count() < 40*(round+1) && ctx.Err() == nil {
		if err := sleep(ctx, time.Millisecond); err != nil {
			break
		}
	}
	f.Server.Kill()
	writers.Wait()
	if ctx.Err() != nil {
		return nil, 0, errors.New("drills: the writers did not get anywhere")
	}
	return answered, cutOff, nil
}

// created lists whose creation the log knows, by id.
func (f *Field) created(ctx context.Context) (map[string]bool, error) {
	auditor, err := f.As(ctx, "auditor")
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	before := int64(0)
	for {
		var page struct {
			Rows   []Row `json:"rows"`
			Before int64 `json:"before"`
		}
		if err := auditor.Get(ctx, fmt.Sprintf("audit?kind=person.created&limit=200&before=%d", before), &page); err != nil {
			return nil, err
		}
		for _, r := range page.Rows {
			out[r.ObjectID] = true
		}
		if before = page.Before; before == 0 {
			return out, nil
		}
	}
}

// logins lists everybody, by login.
func (f *Field) logins(ctx context.Context) (map[string]string, error) {
	admin, err := f.As(ctx, "admin")
	if err != nil {
		return nil, err
	}
	var list struct {
		People []struct {
			ID    string `json:"id"`
			Login string `json:"login"`
		} `json:"people"`
		Page struct {
			Found int `json:"found"`
		} `json:"page"`
	}
	out := map[string]string{}
	for {
		list.People = nil
		if err := admin.Get(ctx, fmt.Sprintf("people?sort=login&limit=500&offset=%d", len(out)), &list); err != nil {
			return nil, err
		}
		for _, p := range list.People {
			out[p.Login] = p.ID
		}
		if len(out) >= list.Page.Found {
			return out, nil
		}
	}
}
