package drills

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/bytemare/opaque"
	"golang.org/x/text/encoding/japanese"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

func peopleDrills() []Drill {
	return []Drill{
		{"password guessed in parallel past the lock-out", "a stranger with many connections and one login", parallelGuesses},
		{"session planted before a sign-in by password", "somebody was at this browser before", plantedSession},
		{"role taken away while a sign-in is under way", "somebody is dismissed while he signs in", roleRace},
		{"list of people with formulas, duplicates and foreign encodings", "a list from an agency that was tampered with", hostileList},
		{"administrator promotes himself by a list, or moves the end of his contract", "an administrator on his own", promotesHimself},
	}
}

// typist is somebody at a console who knows a login and a password, and whose
// page has been written by himself.
type typist struct {
	visitor
	login, password string
}

// exchange sends a request, reads its answer, and keeps the session that it opens.
func (v *visitor) exchange(ctx context.Context, method, path string, in, out any) (code string, err error) {
	res, err := v.send(ctx, method, path, in)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 4<<20))
	if err != nil {
		return "", err
	}
	if res.StatusCode >= 300 {
		var p wire.Problem
		if err := json.Unmarshal(b, &p); err != nil {
			return res.Status, nil
		}
		return p.Code, nil
	}
	for _, c := range res.Cookies() {
		v.cookie = c.Name + "=" + c.Value
	}
	if out == nil || len(b) == 0 {
		return fmt.Sprint(res.StatusCode), nil
	}
	return fmt.Sprint(res.StatusCode), json.Unmarshal(b, out)
}

// typist makes a person with a role in the console, allows a password and sets it.
func (f *Field) typist(ctx context.Context, role sekisho.Role) (t *typist, id string, err error) {
	if id, err = f.Person(ctx, role); err != nil {
		return nil, "", err
	}
	t, err = f.typistOf(ctx, id)
	return t, id, err
}

// typistOf allows a person a password and sets it.
func (f *Field) typistOf(ctx context.Context, id string) (t *typist, err error) {
	var person struct {
		Login string `json:"login"`
	}
	if err := f.Admin.Patch(ctx, "people/"+id, map[string]bool{"password_allowed": true}, &person); err != nil {
		return nil, err
	}
	two, err := f.Two(ctx)
	if err != nil {
		return nil, err
	}
	link, err := two.Invite(ctx, id)
	if err != nil {
		return nil, err
	}
	_, token, _ := strings.Cut(link, "#token=")
	t = &typist{f.visitor(), person.Login, "Kaede-no-Ki 7!"}
	c, err := opaque.DefaultConfiguration().Client()
	if err != nil {
		return nil, err
	}
	request, err := c.RegistrationInit([]byte(t.password))
	if err != nil {
		return nil, err
	}
	var begun struct {
		Response wire.Bytes `json:"response"`
	}
	code, err := t.exchange(ctx, http.MethodPost, "invitations/password/begin", map[string]any{"token": token, "request": wire.Bytes(request.Serialize())}, &begun)
	if err != nil || code != "200" {
		return nil, fmt.Errorf("drills: set a password: %s: %w", code, err)
	}
	response, err := c.Deserialize.RegistrationResponse(begun.Response)
	if err != nil {
		return nil, err
	}
	record, _, err := c.RegistrationFinalize(response, []byte(t.login), []byte("sekisho"))
	if err != nil {
		return nil, err
	}
	code, err = t.exchange(ctx, http.MethodPost, "invitations/password/finish", map[string]any{"token": token, "record": wire.Bytes(record.Serialize())}, nil)
	if err != nil || code != "200" {
		return nil, fmt.Errorf("drills: set a password: %s: %w", code, err)
	}
	t.visitor = f.visitor()
	return t, nil
}

// begin tries a password as far as the server's answer, and gives what finishes it.
func (t *typist) begin(ctx context.Context, password string) (code string, finish map[string]any, err error) {
	c, err := opaque.DefaultConfiguration().Client()
	if err != nil {
		return "", nil, err
	}
	ke1, err := c.GenerateKE1([]byte(password))
	if err != nil {
		return "", nil, err
	}
	var begun struct {
		Ceremony string     `json:"ceremony"`
		KE2      wire.Bytes `json:"ke2"`
	}
	code, err = t.exchange(ctx, http.MethodPost, "session/password/begin", map[string]any{"login": t.login, "ke1": wire.Bytes(ke1.Serialize())}, &begun)
	if err != nil || code != "200" || password != t.password {
		return code, nil, err
	}
	ke2, err := c.Deserialize.KE2(begun.KE2)
	if err != nil {
		return "", nil, err
	}
	ke3, _, _, err := c.GenerateKE3(ke2, []byte(t.login), []byte("sekisho"))
	if err != nil {
		return "", nil, err
	}
	return code, map[string]any{"ceremony": begun.Ceremony, "ke3": wire.Bytes(ke3.Serialize())}, nil
}

// enter signs in with the right password.
func (t *typist) enter(ctx context.Context) (string, error) {
	code, finish, err := t.begin(ctx, t.password)
	if err != nil || finish == nil {
		return code, err
	}
	return t.exchange(ctx, http.MethodPost, "session/password/finish", finish, nil)
}

// parallelGuesses sends sixteen guesses at once. Whoever gets an answer can tell
// by himself whether the guess was right, so answers are what is counted.
func parallelGuesses(ctx context.Context, f *Field, r *Result) error {
	t, id, err := f.typist(ctx, sekisho.RoleSupervisor)
	if err != nil {
		return err
	}
	codes := make([]string, 16)
	var side sync.WaitGroup
	for i := range codes {
		side.Go(func() {
			one := *t
			code, _, err := one.begin(ctx, fmt.Sprintf("Guess-%03d!", i))
			if codes[i] = code; err != nil {
				codes[i] = err.Error()
			}
		})
	}
	side.Wait()
	count := map[string]int{}
	for _, c := range codes {
		count[c]++
	}
	right, err := t.enter(ctx)
	if err != nil {
		return err
	}
	row, err := f.Audit(ctx, "password.locked", func(r Row) bool { return r.ObjectID == id })
	r.Refused = count["200"] == 5 && count["password.locked"] == 11 && right == "password.locked" && err == nil
	supervisor, err := f.visitorAs(ctx, f.Seeded.People["supervisor"])
	if err != nil {
		return err
	}
	unlocked := supervisor.ask(ctx, http.MethodPost, "passwords/"+id+"/unlock", nil)
	after, err := t.enter(ctx)
	r.Control = unlocked == "204" && after == "200"
	r.Evidence = fmt.Sprintf("16 guesses at once: %v; the right one then: %s; once another supervisor has unlocked it: %s; %s", count, right, after, row)
	return err
}

// plantedSession signs in where an attacker has left a session of his own.
func plantedSession(ctx context.Context, f *Field, r *Result) error {
	t, _, err := f.typist(ctx, sekisho.RoleSupervisor)
	if err != nil {
		return err
	}
	planted, err := f.visitorAs(ctx, f.Seeded.People["auditor"])
	if err != nil {
		return err
	}
	t.cookie = planted.cookie
	entered, err := t.enter(ctx)
	if err != nil {
		return err
	}
	code, finish, err := t.begin(ctx, t.password)
	if err != nil || finish == nil {
		return fmt.Errorf("drills: %s: %w", code, err)
	}
	if code, err = t.exchange(ctx, http.MethodPost, "session/password/finish", finish, nil); err != nil {
		return err
	}
	again := f.visitor()
	replayed := again.ask(ctx, http.MethodPost, "session/password/finish", finish)
	old := []string{planted.ask(ctx, http.MethodGet, "floor", nil), planted.ask(ctx, http.MethodGet, "audit", nil)}
	r.Refused = t.cookie != planted.cookie && all(old, "console.signed_out") && replayed == "password.over"
	r.Control = entered == "200" && code == "200" && t.ask(ctx, http.MethodGet, "floor", nil) == "200"
	r.Evidence = fmt.Sprintf("the planted session afterwards: %s; a recorded proof played again: %s", strings.Join(old, ", "), replayed)
	return nil
}

// roleRace takes a role away between the two halves of a sign-in, and while
// requests are under way.
func roleRace(ctx context.Context, f *Field, r *Result) error {
	t, id, err := f.typist(ctx, sekisho.RoleSupervisor)
	if err != nil {
		return err
	}
	_, finish, err := t.begin(ctx, t.password)
	if err != nil {
		return err
	}
	in := *t
	entered, err := in.enter(ctx)
	if err != nil {
		return err
	}
	r.Control = entered == "200" && in.ask(ctx, http.MethodGet, "floor", nil) == "200"

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
			code := in.ask(ctx, http.MethodGet, "floor", nil)
			if gone { // asked after the act was answered
				late = append(late, code)
				after++
			}
		}
	})
	err = f.Admin.Patch(ctx, "people/"+id, map[string]any{"roles": []sekisho.Role{sekisho.RoleOperator}}, nil)
	close(taken)
	side.Wait()
	if err != nil {
		return err
	}
	code, err := t.exchange(ctx, http.MethodPost, "session/password/finish", finish, nil)
	r.Refused = code == "console.not_for_you" && len(late) == 5 && all(late, "console.role_missing")
	r.Evidence = fmt.Sprintf("the sign-in that was under way: %s; five requests after the role was taken: %s", code, strings.Join(late, ", "))
	return err
}

// list sends a file to the plan and, with what it was shown, to the act.
func (v *visitor) list(ctx context.Context, file []byte) (faults []string, planned, applied string, err error) {
	var plan struct {
		Seen string `json:"seen"`
		Rows []struct {
			Faults []struct {
				Code string `json:"code"`
			} `json:"faults"`
		} `json:"rows"`
	}
	planned, err = v.exchange(ctx, http.MethodPost, "people/joiners/plan", map[string]any{"file": wire.Bytes(file)}, &plan)
	if err != nil || planned != "200" {
		return nil, planned, "", err
	}
	for _, row := range plan.Rows {
		for _, f := range row.Faults {
			faults = append(faults, f.Code)
		}
	}
	return faults, planned, v.ask(ctx, http.MethodPost, "people/joiners/apply", map[string]any{"file": wire.Bytes(file), "seen": plan.Seen}), nil
}

// hostileList brings a list that a spreadsheet would compute, that names somebody
// twice, and lists in encodings that are not read; none may leave a trace.
func hostileList(ctx context.Context, f *Field, r *Result) error {
	admin, err := f.visitorAs(ctx, f.Seeded.People["admin"])
	if err != nil {
		return err
	}
	hostile := "ログインID,氏名,派遣元\nlist-fine,見本 無事,\nlist-a,\"=HYPERLINK(\"\"https://evil.example\"\")\",\nlist-b,見本 二,＠SUM(A1)\nlist-c,見本 三,\nLIST-C,見本 四,\n"
	faults, _, applied, err := admin.list(ctx, []byte(hostile))
	if err != nil {
		return err
	}
	want := "list.formula list.formula list.duplicate list.duplicate"
	r.Refused = strings.Join(faults, " ") == want && applied == "list.refused_rows"
	unread := []string{}
	for _, file := range []string{"\xff\xfel\x00o\x00g\x00i\x00n\x00", "login,name\na,b\x00\n", "\xa5\xed\xa5\xb0\xa5\xa4\xa5\xf3ID,\xbb\xe1\xcc\xbe\nx,y\n", "login,name,roles\na,b,c,d\n"} {
		faults, planned, applied, err := admin.list(ctx, []byte(file))
		if err != nil {
			return err
		}
		r.Refused = r.Refused && (planned != "200" || applied == "list.refused_rows" && len(faults) > 0)
		unread = append(unread, planned)
	}
	has := func(login string) (bool, error) {
		var list struct {
			People []struct {
				Login string `json:"login"`
			} `json:"people"`
		}
		_, err := admin.exchange(ctx, http.MethodGet, "people?q="+login, nil, &list)
		for _, p := range list.People {
			if p.Login == login {
				return true, err
			}
		}
		return false, err
	}
	half, err := has("list-fine")
	if err != nil {
		return err
	}
	r.Refused = r.Refused && !half
	fine, err := japanese.ShiftJIS.NewEncoder().Bytes([]byte("ログインID,氏名,派遣元\r\nlist-fine,見本 髙橋,㈱見本\r\n"))
	if err != nil {
		return err
	}
	_, _, applied2, err := admin.list(ctx, fine)
	if err != nil {
		return err
	}
	there, err := has("list-fine")
	r.Control = applied2 == "200" && there
	r.Evidence = fmt.Sprintf("rows refused: %s; applied all the same: %s, and the one good row was not added: %v; other files: %s; a clean list of Japanese Excel: %s",
		strings.Join(faults, ", "), applied, !half, strings.Join(unread, ", "), applied2)
	return err
}

// promotesHimself tries what the form refuses by way of a list, and by moving his own last day.
func promotesHimself(ctx context.Context, f *Field, r *Result) error {
	admin, err := f.visitorAs(ctx, f.Seeded.People["admin"])
	if err != nil {
		return err
	}
	faults, _, applied, err := admin.list(ctx, []byte("login,name,roles\nadmin,,管理者・責任者・SV\n"))
	if err != nil {
		return err
	}
	other, err := f.Person(ctx)
	if err != nil {
		return err
	}
	var person struct {
		Login string `json:"login"`
	}
	if err := f.Admin.Patch(ctx, "people/"+other, map[string]any{}, &person); err != nil {
		return err
	}
	friend, _, byList, err := admin.list(ctx, []byte("login,name,roles\n"+person.Login+",,責任者\n"))
	if err != nil {
		return err
	}
	own := admin.ask(ctx, http.MethodPatch, "people/"+f.Seeded.People["admin"], map[string]any{"last_day": "2199-12-31"})
	r.Refused = strings.Join(faults, " ") == "list.role_by_hand person.own_roles" && applied == "list.refused_rows" &&
		strings.Join(friend, " ") == "list.role_by_hand" && byList == "list.refused_rows" && own == "person.own_last_day"
	more, _, byOne, err := admin.list(ctx, []byte("login,name,roles\n"+person.Login+",,オペレーター・SV\n")) // it takes two
	if err != nil {
		return err
	}
	r.Refused = r.Refused && strings.Join(more, " ") == "person.second_needed" && byOne == "list.refused_rows"
	_, _, control, err := admin.list(ctx, []byte("ログインID,氏名,派遣元\n"+person.Login+",,見本派遣\n"))
	r.Control = control == "200"
	r.Evidence = fmt.Sprintf("himself by a list: %s; an officer by a list: %s; an operator made supervisor by a list: %s; his own last day: %s",
		strings.Join(faults, ", "), strings.Join(friend, ", "), strings.Join(more, ", "), own)
	return err
}
