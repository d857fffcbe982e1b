package drills

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// withoutCookie reads and changes without having logged in, with a made-up
// session, and with one that has ended.
func withoutCookie(ctx context.Context, f *Field, r *Result) error {
	admin, err := f.visitorAs(ctx, f.Seeded.People["admin"])
	if err != nil {
		return err
	}
	made := admin
	made.cookie = "__Host-sekisho=" + strings.Repeat("A", 43)
	codes := []string{}
	for _, v := range []visitor{admin.without(), made} {
		codes = append(codes, v.ask(ctx, http.MethodGet, "people", nil), v.ask(ctx, http.MethodPost, "devices", map[string]string{}),
			v.ask(ctx, http.MethodGet, "audit/export", nil))
	}
	r.Control = admin.ask(ctx, http.MethodGet, "people", nil) == "200"
	left := admin.ask(ctx, http.MethodPost, "session/end", struct{}{})
	codes = append(codes, admin.ask(ctx, http.MethodGet, "people", nil))
	r.Refused = left == "200"
	for _, c := range codes {
		r.Refused = r.Refused && (c == "console.signed_out" || c == "login.required")
	}
	r.Evidence = "no cookie, a made-up one, one that has logged out: " + strings.Join(codes, ", ")
	return nil
}

// foreignOrigin uses a valid session from another page, as that page's browser would.
func foreignOrigin(ctx context.Context, f *Field, r *Result) error {
	admin, err := f.visitorAs(ctx, f.Seeded.People["admin"])
	if err != nil {
		return err
	}
	person := map[string]any{"name": "見本 侵入", "kana": "", "login": "intruder", "roles": []string{"administrator"}, "face_usable": true, "place": "home"}
	codes := []string{}
	for _, v := range []visitor{
		admin.with("Origin", "https://evil.example"),
		admin.with("Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"),
		admin.with("Sec-Fetch-Site", "cross-site"),
		admin.with("Sec-Fetch-Site", "same-site"), // another port of the same host
		admin.with("Origin", "null"),
		admin.with("Origin", ""),
		admin.with("Sec-Fetch-Site", ""),
	} {
		codes = append(codes, v.ask(ctx, http.MethodPost, "people", person))
	}
	codes = append(codes, admin.with("Sec-Fetch-Site", "cross-site").ask(ctx, http.MethodGet, "people", nil))
	codes = append(codes, admin.with("Origin", "https://evil.example", "Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Version", "13",
		"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", "Sec-Fetch-Site", "").ask(ctx, http.MethodGet, "events", nil))
	host := admin.with("Host", "evil.example:"+admin.address[len("127.0.0.1:"):]).ask(ctx, http.MethodGet, "people", nil)
	r.Refused = all(codes, "console.foreign_origin") && host == "console.foreign_host"
	r.Evidence = fmt.Sprintf("9 requests of other pages: %s; a name that was bound to this address: %s", codes[0], host)
	if !r.Refused {
		r.Evidence = fmt.Sprint(codes, host)
	}
	person["login"], person["roles"] = "not-intruder", []string{"operator"} // which one administrator may do
	r.Control = admin.ask(ctx, http.MethodPost, "people", person) == "200" && admin.ask(ctx, http.MethodGet, "people", nil) == "200"
	return nil
}

// otherRole tries, with a valid session each, what belongs to another role.
func otherRole(ctx context.Context, f *Field, r *Result) error {
	record, err := f.record(ctx, []byte("an invented picture"))
	if err != nil {
		return err
	}
	who := map[string]visitor{}
	for _, login := range []string{"admin", "supervisor", "officer1", "auditor"} {
		if who[login], err = f.visitorAs(ctx, f.Seeded.People[login]); err != nil {
			return err
		}
	}
	evidence := "evidence/" + record.name + "?reason=drill"
	decision := map[string]string{"decision": "false", "note": "drill"}
	acts := []struct {
		method, path string
		in           any
		may          string
		mayNot       []string
	}{
		{http.MethodGet, evidence, nil, "officer1", []string{"admin", "supervisor", "auditor"}},
		{http.MethodGet, "people", nil, "admin", []string{"supervisor", "officer1", "auditor"}},
		{http.MethodGet, "audit", nil, "auditor", []string{"admin", "supervisor"}},
		{http.MethodGet, "floor", nil, "supervisor", []string{"admin", "officer1", "auditor"}},
		{http.MethodGet, "approvals", nil, "supervisor", []string{"auditor"}},
		{http.MethodGet, "devices", nil, "admin", []string{"supervisor", "officer1", "auditor"}},
		{http.MethodGet, "desktops", nil, "admin", []string{"supervisor", "officer1", "auditor"}},
		{http.MethodPost, "incidents/" + string(record.incident) + "/decide", decision, "officer1", []string{"admin", "supervisor", "auditor"}},
	}
	r.Refused, r.Control = true, true
	refused := 0
	for _, a := range acts {
		for _, login := range a.mayNot {
			if code := who[login].ask(ctx, a.method, a.path, a.in); code != "console.role_missing" {
				r.Refused = false
				r.Evidence += fmt.Sprintf("%s %s %.30s: %s; ", login, a.method, a.path, code)
			}
			refused++
		}
		if code := who[a.may].ask(ctx, a.method, a.path, a.in); code != "200" {
			r.Control = false
			r.Evidence += fmt.Sprintf("%s %s %.30s: %s; ", a.may, a.method, a.path, code)
		}
	}
	operator := f.visitor().ask(ctx, http.MethodPost, "session/demo", map[string]string{"person": f.Seeded.People["operator"]})
	r.Refused = r.Refused && operator == "console.not_for_you"
	r.Evidence += fmt.Sprintf("%d of %d acts of another role: console.role_missing; an operator at the console: %s", refused, refused, operator)
	return nil
}

// oneself gives himself a role, and takes the last administrator away, in a centre
// of its own.
func oneself(ctx context.Context, f *Field, r *Result) error {
	field, err := f.Own(ctx, "oneself")
	if err != nil {
		return err
	}
	defer field.Close()
	two, err := field.Two(ctx)
	if err != nil {
		return err
	}
	admin, err := field.visitorAs(ctx, field.Seeded.People["admin"])
	if err != nil {
		return err
	}
	person, err := field.Person(ctx)
	if err != nil {
		return err
	}
	more := map[string]any{"roles": []string{"operator", "supervisor"}}
	alone := admin.ask(ctx, http.MethodPatch, "people/"+person, more)
	given := two.Patch(ctx, "people/"+person, more, nil)
	roles := map[string]any{"roles": []string{"administrator", "officer", "supervisor"}}
	own := admin.ask(ctx, http.MethodPatch, "people/"+field.Seeded.People["admin"], roles)
	suspend := func(login string) string {
		return admin.ask(ctx, http.MethodPost, "people/"+field.Seeded.People[login]+"/suspend", map[string]string{"reason": "drill"})
	}
	other, last := suspend("admin2"), suspend("admin")
	r.Refused = own == "person.own_roles" && alone == "act.asked" && last == "person.last_administrator"
	r.Evidence = fmt.Sprintf("his own roles: %s; an operator made supervisor by one: %s; the last administrator: %s", own, alone, last)
	r.Control = given == nil && other == "200"
	return nil
}
