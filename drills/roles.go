package drills

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/centre"
	"github.com/sekisho/sekisho/test/idp"
)

func roleDrills() []Drill {
	return []Drill{
		{"own role promotes its holder", "somebody with a few rights wants more, alone or with a friend", ownRolePromotes},
		{"right of an own role taken away while requests are under way", "somebody is dismissed while he works", rightRace},
		{"connection outside the hours of work", "an operator's PC and password at two in the morning", outsideShift},
		{"forged answers of an identity provider", "whoever gets between, or administers the provider of another console", forgedProvider},
	}
}

// ownRole makes an own role and gives it to a new operator.
func (f *Field) ownRole(ctx context.Context, rights ...string) (role, person string, err error) {
	two, err := f.Two(ctx)
	if err != nil {
		return "", "", err
	}
	var made struct {
		ID string `json:"id"`
	}
	if err := two.Post(ctx, "roles", map[string]any{"name": "訓練 " + f.Tag(), "rights": rights}, &made); err != nil {
		return "", "", err
	}
	if person, err = f.Person(ctx); err != nil {
		return "", "", err
	}
	return made.ID, person, two.Put(ctx, "roles/"+made.ID+"/people/"+person, map[string]int{"seen": 1}, nil)
}

// ownRolePromotes is somebody who manages people by an own role, and an
// administrator who would have more than he may.
func ownRolePromotes(ctx context.Context, f *Field, r *Result) error {
	role, holder, err := f.ownRole(ctx, "people.manage")
	if err != nil {
		return err
	}
	v, err := f.visitorAs(ctx, holder)
	if err != nil {
		return err
	}
	admin, err := f.visitorAs(ctx, f.Seeded.People["admin"])
	if err != nil {
		return err
	}
	friend, err := f.Person(ctx)
	if err != nil {
		return err
	}
	more := map[string]any{"roles": []string{"administrator"}}
	person := map[string]any{"name": "見本 手下", "kana": "", "login": strings.ToLower(f.Tag()), "roles": []string{"officer"}, "face_usable": true, "place": "home"}
	people := []string{
		v.ask(ctx, http.MethodPatch, "people/"+holder, more), v.ask(ctx, http.MethodPatch, "people/"+friend, more),
		v.ask(ctx, http.MethodPost, "people", person), v.ask(ctx, http.MethodPost, "people/"+f.Seeded.People["admin"]+"/invitation", nil),
		v.ask(ctx, http.MethodPost, "people/"+holder+"/invitation", nil),
	}
	routes := []string{
		v.ask(ctx, http.MethodPost, "roles", map[string]any{"name": "x", "rights": []string{"log.take"}}),
		v.ask(ctx, http.MethodPut, "roles/"+role, map[string]any{"name": "x", "rights": []string{"log.take"}, "seen": 1}),
		v.ask(ctx, http.MethodPut, "roles/"+role+"/people/"+friend, map[string]int{"seen": 1}),
		v.ask(ctx, http.MethodPost, "people/joiners/plan", map[string]any{"file": "eA"}),
	}
	own := []string{
		admin.ask(ctx, http.MethodPut, "roles/"+role+"/people/"+f.Seeded.People["admin"], map[string]int{"seen": 1}),
		admin.ask(ctx, http.MethodPost, "roles", map[string]any{"name": f.Tag(), "rights": []string{"devices.manage", "evidence.fetch"}}),
		admin.ask(ctx, http.MethodPut, "roles/"+role+"/people/"+f.Seeded.People["officer1"], map[string]int{"seen": 1}),
	}
	r.Refused = all(people, "role.operators_only") && all(routes, "console.role_missing") && strings.Join(own, " ") == "role.own role.separation role.separation"
	r.Control = v.ask(ctx, http.MethodPatch, "people/"+friend, map[string]any{"name": "見本 改名"}) == "200" && v.ask(ctx, http.MethodGet, "people", nil) == "200"
	r.Evidence = fmt.Sprintf("himself, a friend, a new officer, the administrator's account and his own: %s; roles and lists: %s; an administrator for himself, both sides in one, for an officer: %s",
		strings.Join(people, ", "), strings.Join(routes, ", "), strings.Join(own, ", "))
	return nil
}

// rightRace takes an own role away while its holder asks without a pause.
func rightRace(ctx context.Context, f *Field, r *Result) error {
	role, holder, err := f.ownRole(ctx, "floor.watch")
	if err != nil {
		return err
	}
	v, err := f.visitorAs(ctx, holder)
	if err != nil {
		return err
	}
	r.Control = v.ask(ctx, http.MethodGet, "floor", nil) == "200"
	taken := make(chan struct{})
	var late []string
	var side sync.WaitGroup
	side.Go(func() {
		for after := 0; after < 5 && ctx.Err() == nil; {
			gone := false
			select {
			case <-taken:
				gone = true
			default:
			}
			code := v.ask(ctx, http.MethodGet, "floor", nil)
			if gone { // asked after the act was answered
				late = append(late, code)
				after++
			}
		}
	})
	admin, err := f.visitorAs(ctx, f.Seeded.People["admin"])
	if err != nil {
		return err
	}
	answered := admin.ask(ctx, http.MethodDelete, "roles/"+role+"/people/"+holder, nil)
	close(taken)
	side.Wait()
	again := f.visitor().ask(ctx, http.MethodPost, "session/demo", map[string]string{"person": holder})
	r.Refused = answered == "204" && len(late) == 5 && all(late, "console.role_missing") && again == "console.not_for_you"
	r.Evidence = fmt.Sprintf("five requests after the right was taken: %s; a new sign-in: %s", strings.Join(late, ", "), again)
	return nil
}

// outsideShift has a centre of its own: its rules would bind everybody else's PCs.
func outsideShift(ctx context.Context, f *Field, r *Result) error {
	own, err := f.Own(ctx, "shifts")
	if err != nil {
		return err
	}
	defer own.Close()
	person, err := own.Person(ctx)
	if err != nil {
		return err
	}
	pc, err := own.issueTo(ctx, person, "demo")
	if err != nil {
		return err
	}
	c, err := pc.Connect(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.Enrol(ctx, own.witness(ctx)); err != nil {
		return err
	}
	rules := map[string]any{"version": 0, "home": true, "office": true, "before": 0, "after": 0, "zone": "Asia/Tokyo"}
	if err := own.Admin.Put(ctx, "shifts/rules", rules, nil); err != nil {
		return err
	}
	login := func() string { _, err := c.Login(ctx, nil); return answerCode(err) }
	hours := func(text string) error {
		days := []map[string]string{}
		for _, day := range []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} {
			days = append(days, map[string]string{"day": day, "hours": text})
		}
		return own.put(ctx, "shifts/people/"+person, map[string]any{"days": days})
	}
	none := login()
	now := time.Now().In(time.FixedZone("Japan", 9*60*60))
	other := now.Add(3*time.Hour).Format("15:04") + "-" + now.Add(4*time.Hour).Format("15:04")
	if err := hours(other); err != nil {
		return err
	}
	outside := login()
	if err := hours("00:00-24:00"); err != nil {
		return err
	}
	s, err := c.Login(ctx, nil)
	r.Control = err == nil
	if err != nil {
		return err
	}
	if err := hours(other); err != nil { // in the middle of the session
		return err
	}
	row, err := own.Audit(ctx, "session.ended", func(row Row) bool { return row.Session == string(s.Session.ID) })
	r.Refused = none == "shift.none" && outside == "shift.outside" && err == nil && row.Reason == "shift.over"
	r.Evidence = fmt.Sprintf("without a shift: %s; three hours before it: %s; the shift moved while a session was open: %s", none, outside, row)
	return err
}

// put changes something whose answer is empty.
func (f *Field) put(ctx context.Context, path string, in any) error {
	admin, err := f.visitorAs(ctx, f.Seeded.People["admin"])
	if err != nil {
		return err
	}
	if code := admin.ask(ctx, http.MethodPut, path, in); code != "204" {
		return fmt.Errorf("drills: PUT %s: %s", path, code)
	}
	return nil
}

// forgedProvider is a provider whose tokens are not what they should be, in a
// centre of its own that trusts it.
func forgedProvider(ctx context.Context, f *Field, r *Result) error {
	own, forger, err := f.withProvider(ctx, "provider")
	if err != nil {
		return err
	}
	defer forger.Close()
	defer own.Close()
	two, err := own.Two(ctx)
	if err != nil {
		return err
	}
	link, subject := "people/"+own.Seeded.People["supervisor"]+"/identity", map[string]string{"subject": "subject-1"}
	if err := two.Put(ctx, link, subject, nil); err != nil {
		return err
	}
	honest := func(*idp.Token, map[string]string) {}
	var codes []string
	for _, change := range []func(*idp.Token, map[string]string){
		func(t *idp.Token, _ map[string]string) { t.Alg = "none" },
		func(t *idp.Token, _ map[string]string) { t.Claims["iss"] = "https://evil.example" },
		func(t *idp.Token, _ map[string]string) { t.Claims["aud"] = "another console" },
		func(t *idp.Token, _ map[string]string) { t.Claims["nonce"] = "of another sign-in" },
		func(t *idp.Token, _ map[string]string) { t.Claims["exp"] = time.Now().Add(-time.Minute).Unix() },
		func(t *idp.Token, _ map[string]string) { t.Claims["amr"] = []string{"pwd"} },
		func(t *idp.Token, _ map[string]string) {
			t.Claims["sub"], t.Claims["email"] = "subject-9", "supervisor"
		},
		func(_ *idp.Token, back map[string]string) { back["iss"] = "https://evil.example" },
		func(_ *idp.Token, back map[string]string) { back["code"] = "code-0" },
		func(_ *idp.Token, back map[string]string) { back["cookie"] = "" },
		func(_ *idp.Token, back map[string]string) { back["state"] = strings.Repeat("A", 43) },
	} {
		_, code, err := own.through(ctx, forger, change)
		if err != nil {
			return err
		}
		codes = append(codes, code)
	}
	v, control, err := own.through(ctx, forger, honest)
	if err != nil {
		return err
	}
	weak := v.ask(ctx, http.MethodPost, "approvals/none/decide", map[string]any{"approve": true, "code": "0000"})
	want := "oidc.token oidc.token oidc.token oidc.nonce oidc.token_time oidc.factor oidc.not_linked oidc.issuer oidc.code oidc.other_browser oidc.state"
	r.Refused = strings.Join(codes, " ") == want && weak == "console.passkey_needed"
	r.Control = control == "200" && v.ask(ctx, http.MethodGet, "floor", nil) == "200"
	r.Evidence = fmt.Sprintf("alg none, issuer, audience, nonce, expired, one factor, unlinked, mixed-up, made-up code, another browser, made-up state: %s; an approval by such a sign-in: %s", strings.Join(codes, ", "), weak)
	return nil
}

// withProvider is a centre of its own that trusts an identity provider. Close both.
func (f *Field) withProvider(ctx context.Context, name string) (own *Field, forger *idp.Forger, err error) {
	if forger, err = idp.NewForger(""); err != nil {
		return nil, nil, err
	}
	c, err := centre.Start(ctx, centre.Options{
		Dir: filepath.Join(f.Root, name), Bin: f.Bin,
		Settings: fmt.Sprintf("\n[oidc]\nissuer = %q\nclient_id = \"console\"\nrequire_amr = [\"mfa\"]\n", forger.URL),
	})
	if err != nil {
		forger.Close()
		return nil, nil, err
	}
	if own, err = newField(f.ctx, c, f.Root); err != nil {
		c.Close()
		forger.Close()
	}
	return own, forger, err
}

// through signs in by a provider as subject-1, with what change spoils.
func (f *Field) through(ctx context.Context, forger *idp.Forger, change func(*idp.Token, map[string]string)) (v visitor, code string, err error) {
	v = f.visitor()
	var where struct {
		URL string `json:"url"`
	}
	if code, err = v.exchange(ctx, http.MethodPost, "session/oidc/begin", nil, &where); err != nil || code != "200" {
		return v, code, fmt.Errorf("drills: begin: %s: %w", code, err)
	}
	token, err := forger.Honestly(where.URL, "subject-1", time.Now())
	if err != nil {
		return v, "", err
	}
	token.Claims["amr"] = []string{"pwd", "mfa"}
	u, err := url.Parse(where.URL)
	if err != nil {
		return v, "", err
	}
	back := map[string]string{"state": u.Query().Get("state"), "iss": "", "error": "", "cookie": v.cookie, "code": ""}
	change(&token, back)
	if back["code"] == "" {
		if back["code"], err = forger.Code(where.URL, token); err != nil {
			return v, "", err
		}
	}
	v.cookie = back["cookie"]
	delete(back, "cookie")
	res, err := v.send(ctx, http.MethodPost, "session/oidc/finish", back)
	if err != nil {
		return v, "", err
	}
	defer res.Body.Close()
	for _, c := range res.Cookies() {
		if c.Name == "__Host-sekisho" {
			v.cookie = c.Name + "=" + c.Value
			return v, fmt.Sprint(res.StatusCode), nil
		}
	}
	var p wire.Problem
	if err := json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&p); err != nil {
		return v, res.Status, nil
	}
	return v, p.Code, nil
}
