package drills

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/sekisho/sekisho/internal/twin/carrying"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/centre"
	"github.com/sekisho/sekisho/test/rawpc"
)

func sharedDrills() []Drill {
	return []Drill{
		{"person outside the group at a shared PC", "somebody in the office who is not of the group, or tries names", outsideTheGroup},
		{"sealed face for a PC outside the group, or that nobody certified", "whoever wants a face on a PC of his own", sealedElsewhere},
		{"face of another person on a shared PC; somebody taken out a moment ago", "a colleague who can write to the PC's disk; somebody who was dismissed", sharedByTwo},
	}
}

// pool makes a group of people and PCs.
func (f *Field) pool(ctx context.Context, people, pcs []string) (id string, err error) {
	var made struct {
		ID string `json:"id"`
	}
	if err := f.Admin.Post(ctx, "pools", map[string]string{"name": "見本 " + f.Tag(), "client": ""}, &made); err != nil {
		return "", err
	}
	for _, p := range people {
		if err := f.Admin.Put(ctx, "pools/"+made.ID+"/people/"+p, nil, nil); err != nil {
			return "", err
		}
	}
	for _, d := range pcs {
		if err := f.Admin.Put(ctx, "pools/"+made.ID+"/pcs/"+d, nil, nil); err != nil {
			return "", err
		}
	}
	return made.ID, nil
}

// loginOf is what a person types.
func (f *Field) loginOf(ctx context.Context, person string) (string, error) {
	var all struct {
		People []struct {
			ID    string `json:"id"`
			Login string `json:"login"`
		} `json:"people"`
	}
	if err := f.Admin.Get(ctx, "people", &all); err != nil {
		return "", err
	}
	for _, p := range all.People {
		if p.ID == person {
			return p.Login, nil
		}
	}
	return "", errors.New("drills: nobody has this id")
}

// officePC is an issued PC of the office.
func (f *Field) officePC(ctx context.Context, holder string) (*rawpc.PC, error) {
	code, id, err := f.registerAt(ctx, holder, "demo-office", "office")
	if err != nil {
		return nil, err
	}
	return f.enrol(ctx, code, id)
}

// member is somebody with his login.
type member struct{ id, login string }

func (f *Field) members(ctx context.Context, n int) (out []member, err error) {
	for range n {
		id, err := f.Person(ctx)
		if err != nil {
			return nil, err
		}
		login, err := f.loginOf(ctx, id)
		if err != nil {
			return nil, err
		}
		out = append(out, member{id, login})
	}
	return out, nil
}

// sits binds a PC for whoever says that he is login, with the PC's own good key.
func sits(ctx context.Context, p *rawpc.PC, login string) (*rawpc.Connection, error) {
	k := rawpc.NewKeys()
	a, err := p.Bind(ctx, k, func(b *wire.Binding) { b.Login = login })
	if err != nil {
		return nil, err
	}
	t, err := rawpc.Dial(ctx, k, a)
	if err != nil {
		return nil, err
	}
	return rawpc.On(p, k, a, t), nil
}

// outsideTheGroup names somebody else, nobody, and a colleague who was suspended:
// the answers must be one. It then asks what a mere name shows of a colleague.
func outsideTheGroup(ctx context.Context, f *Field, r *Result) error {
	who, err := f.members(ctx, 3)
	if err != nil {
		return err
	}
	inside, outside, left := who[0], who[1], who[2]
	p, err := f.officePC(ctx, outside.id) // its holder is not of the group either
	if err != nil {
		return err
	}
	if _, err := f.pool(ctx, []string{inside.id, left.id}, []string{string(p.Device)}); err != nil {
		return err
	}
	if err := f.Admin.Post(ctx, "people/"+left.id+"/suspend", map[string]string{"reason": "見本"}, nil); err != nil {
		return err
	}
	var codes []string
	for _, login := range []string{outside.login, "nobody-at-all", left.login, ""} {
		c, err := sits(ctx, p, login)
		if c != nil {
			c.Close()
		}
		codes = append(codes, answerCode(err))
	}
	c, err := sits(ctx, p, inside.login)
	if err != nil {
		return err
	}
	defer c.Close()
	var me wire.Me
	if err := c.Call(ctx, http.MethodGet, "me", nil, &me); err != nil {
		return err
	}
	if err := c.Enrol(ctx, f.witness(ctx)); err != nil {
		return err
	}
	var text wire.ConsentText
	if err := c.Call(ctx, http.MethodGet, "consent", nil, &text); err != nil {
		return err
	}
	withdrawn := answerCode(c.Call(ctx, http.MethodPost, "consent", wire.ConsentAnswer{Version: text.Version}, nil))
	_, err = c.Login(ctx, nil)
	r.Control = err == nil && string(me.Person.ID) == inside.id
	r.Refused = codes[0] == "shared.not_one" && codes[1] == codes[0] && codes[2] == codes[0] && codes[3] == "shared.who" &&
		me.Person.Name == inside.login && withdrawn == "shared.prove_first"
	r.Evidence = fmt.Sprintf("outside, nobody, suspended, unnamed: %v; a name alone shows a login and no name: %t; takes back a colleague's consent: %s",
		codes, me.Person.Name == inside.login, withdrawn)
	return nil
}

// sealKey makes a PC's key to seal to, certified by its device key.
func sealKey(p *rawpc.PC) (wire.CertifiedKey, error) {
	_, recipient, err := carrying.NewKey()
	if err != nil {
		return wire.CertifiedKey{}, err
	}
	return carrying.Certify(p.Key, p.Certificate, wire.SealKey{Device: p.Device, Recipient: recipient})
}

// sealedElsewhere has a session at a shared PC and sends its face to a PC outside
// the group, to one that nobody approved, with another face, and then rightly.
func sealedElsewhere(ctx context.Context, f *Field, r *Result) error {
	who, err := f.members(ctx, 1)
	if err != nil {
		return err
	}
	person := who[0]
	var pcs []*rawpc.PC
	for range 3 {
		p, err := f.officePC(ctx, person.id)
		if err != nil {
			return err
		}
		pcs = append(pcs, p)
	}
	one, two, outside := pcs[0], pcs[1], pcs[2]
	if _, err := f.pool(ctx, []string{person.id}, []string{string(one.Device), string(two.Device)}); err != nil {
		return err
	}
	keyOfTwo, err := sealKey(two)
	if err != nil {
		return err
	}
	at, err := sits(ctx, two, person.login)
	if err != nil {
		return err
	}
	if err := at.Call(ctx, http.MethodPost, "shared/key", keyOfTwo, nil); err != nil {
		return err
	}
	at.Close()
	keyOutside, err := sealKey(outside)
	if err != nil {
		return err
	}
	s, err := sits(ctx, one, person.login)
	if err != nil {
		return err
	}
	defer s.Close()
	stolen := answerCode(s.Call(ctx, http.MethodPost, "shared/key", keyOutside, nil))
	if err := s.Enrol(ctx, f.witness(ctx)); err != nil {
		return err
	}
	var me wire.Me
	if err := s.Call(ctx, http.MethodGet, "me", nil, &me); err != nil {
		return err
	}
	authority := carrying.Authority{CA: one.Roots.CA, Now: time.Now()}
	from := carrying.Sender{Key: one.Key, Certificate: one.Certificate, Person: me.Person.ID, Commitment: me.Person.Commitment}
	carry := func(from carrying.Sender, to wire.CertifiedKey) string {
		c, err := authority.Seal(from, to, []byte("an invented face"))
		if err != nil {
			return answerCode(err)
		}
		return answerCode(s.Call(ctx, http.MethodPost, "shared/faces", c, nil))
	}
	early := carry(from, keyOfTwo)
	if _, err := s.Login(ctx, nil); err != nil {
		return err
	}
	elsewhere := carry(from, keyOutside)
	swapped := from
	swapped.Commitment = fmt.Sprintf("%064d", 1)
	another := carry(swapped, keyOfTwo)
	forged := keyOfTwo
	forged.Certificate = outside.Certificate
	_, err = authority.Seal(from, forged, []byte("an invented face"))
	uncertified := err != nil
	good := carry(from, keyOfTwo)
	r.Control = good == ""
	r.Refused = stolen == "shared.uncertified" && early == "session.required" && elsewhere == "shared.uncertified" && another == "face.commitment" && uncertified
	r.Evidence = fmt.Sprintf("key of another PC: %s; without a session: %s; to a PC outside: %s; another face: %s; uncertified key refused by the PC itself: %t; rightly: %q",
		stolen, early, elsewhere, another, uncertified, good)
	return nil
}

// sharedPage opens the page of a shared PC's agent for somebody and connects.
func sharedPage(ctx context.Context, pc *centre.PC, who member, face somebody) (*modelPage, string, error) {
	p, err := openPage(ctx, pc, face)
	if err != nil {
		return nil, "", err
	}
	s, err := p.connectAs(ctx, wire.LocalConnect{Login: who.login})
	if err == nil && s.Code == "shared.who" { // the first time it learns that it is shared
		s, err = p.connectAs(ctx, wire.LocalConnect{Login: who.login})
	}
	if err != nil {
		p.close()
		return nil, "", err
	}
	if s.Phase != "quarantine" {
		p.close()
		return nil, s.Code, nil
	}
	return p, "", nil
}

func (p *modelPage) leaves(ctx context.Context) error {
	defer p.close()
	if code := p.ask(ctx, http.MethodPost, "/local/v1/disconnect", nil); code != "200" {
		return fmt.Errorf("drills: disconnect: %s", code)
	}
	return nil
}

// sharedByTwo is a day of two people on two PCs with real agents: one enrols on
// the first PC and works on the second, while the other one works on the first.
// Then one puts the other's file in the place of his own, and one is taken out.
func sharedByTwo(ctx context.Context, f *Field, r *Result) error {
	office := centre.PCOptions{Policy: "demo-office", Place: "office"}
	var pcs []*centre.PC
	var who []member
	for range 2 {
		pc, err := f.issueAgent(ctx, office)
		if err != nil {
			return err
		}
		defer pc.Close()
		if _, err := pc.Start(ctx); err != nil {
			return err
		}
		id := f.Seeded.People[pc.Person]
		login, err := f.loginOf(ctx, id)
		if err != nil {
			return err
		}
		pcs, who = append(pcs, pc), append(who, member{id, login})
	}
	one, two, aoki, baba := pcs[0], pcs[1], who[0], who[1]
	facing := map[member]somebody{aoki: newSomebody(), baba: newSomebody()}
	pool, err := f.pool(ctx, []string{aoki.id, baba.id}, []string{one.Device, two.Device})
	if err != nil {
		return err
	}
	sit := func(pc *centre.PC, m member) (*modelPage, error) {
		p, code, err := sharedPage(ctx, pc, m, facing[m])
		if err == nil && code != "" {
			err = errors.New("drills: " + code)
		}
		return p, err
	}
	p, err := sit(two, baba) // from now on faces can be sealed for it
	if err == nil {
		err = p.leaves(ctx)
	}
	if err != nil {
		return err
	}
	if p, err = sit(one, aoki); err != nil {
		return err
	}
	if err := p.enrolFace(ctx, f); err != nil {
		return err
	}
	if code, err := p.logIn(ctx, limitLogin); err != nil || code != "" {
		return fmt.Errorf("drills: login where he enrolled: %s: %w", code, err)
	}
	if _, err := f.Audit(ctx, "pool.face_carried", func(r Row) bool { return r.Person == aoki.id && r.ObjectID == two.Device }); err != nil {
		return err
	}
	if err := p.leaves(ctx); err != nil {
		return err
	}
	kept, err := os.ReadFile(filepath.Join(one.Dir, "faces", aoki.id+".sealed"))
	if err != nil {
		return err
	}
	// Another one at the first PC meanwhile.
	other, err := sit(one, baba)
	if err != nil {
		return err
	}
	if err := other.enrolFace(ctx, f); err != nil {
		return err
	}
	hers, err := other.logIn(ctx, limitLogin)
	if err != nil {
		return err
	}
	began := time.Now()
	if p, err = sit(two, aoki); err != nil {
		return err
	}
	his, err := p.logIn(ctx, limitLogin)
	if err != nil {
		return err
	}
	took := time.Since(began)
	_, hisErr := p.live(ctx, true, 5*time.Second)
	_, herErr := other.live(ctx, true, 5*time.Second)
	r.Control = his == "" && hers == "" && hisErr == nil && herErr == nil

	at := time.Now()
	if err := f.Admin.Delete(ctx, "pools/"+pool+"/people/"+aoki.id); err != nil {
		return err
	}
	closed := time.Since(at) // the server closes before it answers; a PC whose tunnel is gone finds out by its lease
	ended, err := f.Audit(ctx, "session.ended", func(r Row) bool { return r.Person == aoki.id && r.Device == two.Device })
	if err != nil {
		return err
	}
	_, err = p.live(ctx, false, wire.LeaseTTL+2*time.Second)
	black := time.Since(at)
	_, stays := other.live(ctx, true, time.Second) // a colleague's session
	gone := err == nil && ended.Reason == "shared.not_one" && stays == nil
	_ = p.ask(ctx, http.MethodPost, "/local/v1/disconnect", nil) // it may be trying to come back
	p.close()
	_, again, err := sharedPage(ctx, two, aoki, facing[aoki])
	if err != nil {
		return err
	}
	if err := other.leaves(ctx); err != nil {
		return err
	}
	// His file in the place of hers, with his face before the camera.
	path := filepath.Join(one.Dir, "faces", baba.id+".sealed")
	if err := os.WriteFile(path, kept, 0o600); err != nil {
		return err
	}
	facing[baba] = facing[aoki]
	if other, err = sit(one, baba); err != nil {
		return err
	}
	swapped, err := other.logIn(ctx, limitLogin)
	if err != nil {
		return err
	}
	if err := other.leaves(ctx); err != nil {
		return err
	}
	_, err = os.Stat(filepath.Join(one.Dir, "faces", aoki.id+".sealed"))
	wiped := errors.Is(err, os.ErrNotExist)
	r.Refused = gone && again == "shared.not_one" && swapped == "face.template_swapped" && wiped
	r.Evidence = fmt.Sprintf("another's file: %s; taken out: closed by the server within %d ms (%s), black on the PC after %.1f s, a colleague works on: %t, then %s, file gone at the next contact: %t; enrolled on one PC, logged in on the other in %.1f s",
		swapped, closed.Milliseconds(), ended.Reason, black.Seconds(), stays == nil, again, wiped, took.Seconds())
	return nil
}
