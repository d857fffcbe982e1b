package drills

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/centre"
	"github.com/sekisho/sekisho/test/rawpc"
)

// Field is the centre under attack, with what drills share. Each drill brings
// its own people and PCs, so that none is in another's way.
type Field struct {
	*centre.Centre
	Root    string // folder of the whole run
	Admin   *centre.Console
	Auditor *centre.Console

	ctx    context.Context // of the whole run
	n      atomic.Int32
	mu     sync.Mutex
	two    *centre.Two
	honest *session
	trail  *trail
	desk   *centre.PC
	seats  []string // logins of people who have no PC with an agent yet
	homes  []string // and of supervisors among them
	closed []func()
}

func newField(ctx context.Context, c *centre.Centre, root string) (f *Field, err error) {
	f = &Field{Centre: c, Root: root, ctx: ctx}
	if f.Admin, err = c.As(ctx, "admin"); err != nil {
		return nil, err
	}
	f.Auditor, err = c.As(ctx, "auditor")
	return f, err
}

// Close ends everything that drills left to the end.
func (f *Field) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := len(f.closed) - 1; i >= 0; i-- {
		f.closed[i]()
	}
	f.Centre.Close()
}

// Two are the field's administrators, for what one of them may not do alone.
func (f *Field) Two(ctx context.Context) (*centre.Two, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.two != nil {
		return f.two, nil
	}
	two, err := f.Administrators(ctx)
	if err == nil {
		f.two = two
	}
	return two, err
}

func (f *Field) later(act func()) { f.mu.Lock(); f.closed = append(f.closed, act); f.mu.Unlock() }

// Own is another centre, for a drill that destroys something. Close it.
func (f *Field) Own(ctx context.Context, name string) (*Field, error) {
	c, err := centre.Start(ctx, centre.Options{Dir: filepath.Join(f.Root, name), Bin: f.Bin})
	if err != nil {
		return nil, err
	}
	own, err := newField(f.ctx, c, f.Root)
	if err != nil {
		c.Close()
	}
	return own, err
}

// Folder is an empty folder for a drill's own files.
func (f *Field) Folder(name string) (string, error) {
	dir := filepath.Join(f.Root, fmt.Sprintf("%s-%d", name, f.n.Add(1)))
	return dir, os.MkdirAll(dir, 0o755)
}

// Tag gives each PC of a drill an asset tag of its own.
func (f *Field) Tag() string { return fmt.Sprintf("DRILL-%03d", f.n.Add(1)) }

// Person makes an operator of a drill's own; more roles come on top.
func (f *Field) Person(ctx context.Context, more ...sekisho.Role) (id string, err error) {
	var p struct {
		ID string `json:"id"`
	}
	n, post := f.n.Add(1), f.Admin.Post
	if len(more) > 0 { // some of these take two
		two, err := f.Two(ctx)
		if err != nil {
			return "", err
		}
		post = two.Post
	}
	err = post(ctx, "people", map[string]any{
		"name": fmt.Sprintf("見本 訓練%03d", n), "kana": "", "login": fmt.Sprintf("drill-%03d", n),
		"roles": append([]sekisho.Role{sekisho.RoleOperator}, more...), "face_usable": true, "place": "home",
	}, &p)
	return p.ID, err
}

// Enter logs anybody in by the demonstration's login.
func (f *Field) Enter(ctx context.Context, person string) (*centre.Console, error) {
	k := f.Anonymous()
	k.Person = person
	return k, k.Post(ctx, "session/demo", map[string]string{"person": person}, nil)
}

// register makes a PC known and returns its enrolment code.
func (f *Field) register(ctx context.Context, person, policy string) (c wire.EnrolmentCode, id string, err error) {
	return f.registerAt(ctx, person, policy, "home")
}

func (f *Field) registerAt(ctx context.Context, person, policy, place string) (c wire.EnrolmentCode, id string, err error) {
	var device struct {
		ID string `json:"id"`
	}
	err = f.Admin.Post(ctx, "devices", map[string]any{
		"asset_tag": f.Tag(), "model": "drill", "place": place, "person": person, "policy": policy,
	}, &device)
	if err != nil {
		return c, "", err
	}
	var code struct {
		Code string `json:"code"`
	}
	if err := f.Admin.Post(ctx, "devices/"+device.ID+"/code", map[string]any{"handover": "in_person"}, &code); err != nil {
		return c, "", err
	}
	c, err = wire.ParseEnrolmentCode(code.Code)
	return c, device.ID, err
}

// raw is a PC that has not enrolled yet. It calls from an address of its own,
// since the door counts attempts by their source.
func (f *Field) raw(code wire.EnrolmentCode) (*rawpc.PC, error) {
	p, err := rawpc.New(code)
	if err != nil {
		return nil, err
	}
	n := f.n.Add(1)
	p.From = netip.AddrFrom4([4]byte{127, 77, byte(n >> 8), byte(n)})
	return p, nil
}

func (f *Field) enrol(ctx context.Context, code wire.EnrolmentCode, id string) (*rawpc.PC, error) {
	p, err := f.raw(code)
	if err != nil {
		return nil, err
	}
	if err := p.Trust(ctx, code); err != nil {
		return nil, err
	}
	if err := p.Enrol(ctx, code); err != nil {
		return nil, err
	}
	if err := f.Admin.Post(ctx, "devices/"+id+"/approve", map[string]string{"fingerprint": p.Fingerprint}, nil); err != nil {
		return nil, err
	}
	return p, p.Collect(ctx)
}

// issueTo makes an issued PC of a person, with a software key.
func (f *Field) issueTo(ctx context.Context, person, policy string) (*rawpc.PC, error) {
	code, id, err := f.register(ctx, person, policy)
	if err != nil {
		return nil, err
	}
	return f.enrol(ctx, code, id)
}

// issue makes an issued PC of a person of its own.
func (f *Field) issue(ctx context.Context) (*rawpc.PC, error) {
	person, err := f.Person(ctx)
	if err != nil {
		return nil, err
	}
	return f.issueTo(ctx, person, "demo")
}

// connect is an issued PC in quarantine. It ends with ctx's drill: close it.
func (f *Field) connect(ctx context.Context) (*rawpc.Connection, error) {
	p, err := f.issue(ctx)
	if err != nil {
		return nil, err
	}
	return p.Connect(ctx)
}

// connectAs does the same for one person's PC.
func (f *Field) connectAs(ctx context.Context, person string) (*rawpc.Connection, error) {
	p, err := f.issueTo(ctx, person, "demo")
	if err != nil {
		return nil, err
	}
	return p.Connect(ctx)
}

// Row is an audit row as the console shows it.
type Row struct {
	Seq      int64             `json:"seq"`
	Kind     string            `json:"kind"`
	Person   string            `json:"person"`
	Device   string            `json:"device"`
	Object   string            `json:"object"`
	ObjectID string            `json:"object_id"`
	Decision string            `json:"decision"`
	Reason   string            `json:"reason"`
	Session  string            `json:"session"`
	Detail   map[string]string `json:"detail"`
}

// String is the row as evidence shows it.
func (r Row) String() string {
	parts := []string{fmt.Sprintf("audit row %d %s", r.Seq, r.Kind)}
	for _, s := range []string{r.Decision, r.Reason} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " ")
}

// Audit waits a moment for a row: what is refused is written afterwards.
func (f *Field) Audit(ctx context.Context, kind string, match func(Row) bool) (Row, error) {
	until := time.Now().Add(5 * time.Second)
	for {
		var page struct {
			Rows []Row `json:"rows"`
		}
		if err := f.Auditor.Get(ctx, "audit?limit=200&kind="+kind, &page); err != nil {
			return Row{}, err
		}
		for _, r := range page.Rows {
			if match(r) {
				return r, nil
			}
		}
		if time.Now().After(until) {
			return Row{}, fmt.Errorf("drills: the log has no such row %s", kind)
		}
		if err := sleep(ctx, 100*time.Millisecond); err != nil {
			return Row{}, err
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// contains says whether a drill is meant: only names parts of names, parted by commas.
func contains(name, only string) bool {
	return slices.ContainsFunc(strings.Split(only, ","), func(part string) bool { return strings.Contains(name, part) })
}
