package drills

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

// company is a client with what belongs to it.
type company struct {
	client, work, assignment, operator, auditor string
	seq                                         string // of a row about its work
	desktop                                     sekisho.DesktopID
}

// otherClient signs in as an auditor of one client and asks every route that
// the door describes for what belongs to another.
func otherClient(ctx context.Context, f *Field, r *Result) error {
	a, errA := f.company(ctx)
	b, errB := f.company(ctx)
	if err := errors.Join(errA, errB); err != nil {
		return err
	}
	own, err := f.visitorAs(ctx, a.auditor)
	if err != nil {
		return err
	}
	centre, err := f.visitorAs(ctx, f.Seeded.People["auditor"])
	if err != nil {
		return err
	}
	routes, err := described(ctx, centre)
	if err != nil {
		return err
	}
	a.seq, errA = rowAbout(ctx, centre, a.work)
	b.seq, errB = rowAbout(ctx, centre, b.work)
	if err := errors.Join(errA, errB); err != nil {
		return err
	}
	asked, answered, proofs, leaks := 0, 0, 0, []string{}
	for _, path := range routes {
		for _, filled := range []string{b.fill(path), a.fill(path)} {
			body, status, err := own.read(ctx, filled)
			if err != nil {
				return err
			}
			asked++
			if status == http.StatusOK {
				answered++
			}
			if strings.HasSuffix(filled, "/proof") && status == http.StatusOK {
				proofs++
				proof, err := checkpoint.ParseProof([]byte(body))
				if err != nil {
					return err
				}
				if len(proof.Extra) > 0 { // the row before anything was cut out of it
					leaks = append(leaks, filled)
				}
			}
			for _, word := range []string{b.client, b.work, b.assignment, b.operator, b.auditor, string(b.desktop)} {
				if strings.Contains(body, word) {
					leaks = append(leaks, filled)
				}
			}
		}
	}
	theirs, stranger := own.ask(ctx, http.MethodGet, "clients/"+b.client, nil), own.ask(ctx, http.MethodGet, "clients/none", nil)
	acts := []string{
		own.ask(ctx, http.MethodPatch, "clients/"+b.client, map[string]any{"ended": true}),
		own.ask(ctx, http.MethodDelete, "assignments/"+b.assignment, nil),
		own.ask(ctx, http.MethodGet, "audit/export", nil),
	}
	r.Refused = len(leaks) == 0 && theirs == "request.not_found" && stranger == theirs && all(acts, "console.role_missing") && asked > 25
	seen, _, err := centre.read(ctx, "clients/"+b.client)
	r.Control = err == nil && own.ask(ctx, http.MethodGet, "clients/"+a.client, nil) == "200" && strings.Contains(seen, b.operator) && answered > 3 && proofs == 1
	r.Evidence = fmt.Sprintf("%d questions, %d answered with its own part, another's word in %d; another client: %s", asked, answered, len(leaks), theirs)
	if len(leaks) > 0 {
		r.Evidence = fmt.Sprint("leaks: ", slices.Compact(leaks))
	}
	return err
}

func (f *Field) company(ctx context.Context) (c company, err error) {
	var made struct {
		ID string `json:"id"`
	}
	post := func(path string, in any) string {
		if err == nil {
			err = f.Admin.Post(ctx, path, in, &made)
		}
		return made.ID
	}
	if c.operator, err = f.Person(ctx); err != nil {
		return c, err
	}
	c.auditor = post("people", map[string]any{
		"name": "見本 " + f.Tag(), "kana": "", "login": strings.ToLower(f.Tag()), "roles": []string{"auditor"}, "face_usable": true, "place": "office",
	})
	c.client = post("clients", map[string]any{"name": f.Tag()})
	c.work = post("clients/"+c.client+"/works", map[string]any{"name": "drill"})
	c.assignment = post("works/"+c.work+"/people", map[string]any{"person": c.operator, "from": "2020-01-01", "until": "", "subcontracted": false})
	if err != nil {
		return c, err
	}
	if c.desktop, err = f.desktopFor(ctx, []string{c.operator}); err != nil {
		return c, err
	}
	return c, errors.Join(
		f.Admin.Put(ctx, "works/"+c.work+"/desktops/"+string(c.desktop), nil, nil),
		f.Admin.Put(ctx, "clients/"+c.client+"/auditors/"+c.auditor, nil, nil),
	)
}

// rowAbout is the number of the newest row of the log about an object.
func rowAbout(ctx context.Context, v visitor, object string) (string, error) {
	body, _, err := v.read(ctx, "audit?object="+object)
	if err != nil {
		return "", err
	}
	var page struct {
		Rows []struct {
			Seq int64 `json:"seq"`
		} `json:"rows"`
	}
	if err := json.Unmarshal([]byte(body), &page); err != nil {
		return "", err
	}
	if len(page.Rows) == 0 {
		return "", fmt.Errorf("no row about %s", object)
	}
	return strconv.FormatInt(page.Rows[0].Seq, 10), nil
}

// fill puts a company's ids into a route.
func (c company) fill(path string) string {
	id := map[string]string{
		"clients": c.client, "works": c.work, "assignments": c.assignment, "desktops": string(c.desktop), "people": c.operator, "audit": c.seq, "rules": "0",
	}[strings.SplitN(strings.TrimPrefix(path, "/"), "/", 2)[0]]
	if id == "" {
		id = c.operator
	}
	return strings.TrimPrefix(strings.NewReplacer("{id}", id, "{seq}", id, "{number}", id, "{name}", "home", "{hash}", strings.Repeat("0", 64), "{person}", c.auditor, "{desktop}", string(c.desktop)).Replace(path), "/")
}

// described lists the paths that can be read, as the door itself describes them.
func described(ctx context.Context, v visitor) ([]string, error) {
	body, _, err := v.read(ctx, "openapi.json")
	if err != nil {
		return nil, err
	}
	var doc struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal([]byte(body), &doc); err != nil {
		return nil, err
	}
	var out []string
	for path, methods := range doc.Paths {
		// The invented people of demonstration data are shown to everybody before the login.
		if _, reads := methods["get"]; reads && path != "/demo/people" {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return out, nil
}

// read asks for a path and gives what it answers, up to 4 MiB.
func (v visitor) read(ctx context.Context, path string) (body string, status int, err error) {
	res, err := v.send(ctx, http.MethodGet, path, nil)
	if err != nil {
		return "", 0, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 4<<20))
	return string(b), res.StatusCode, err
}
