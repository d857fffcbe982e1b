package desk

import (
	"context"
	"slices"
	"testing"

	"github.com/sekisho/sekisho/internal/wire"
)

type sharer struct{ reached []string }

func (s *sharer) State(context.Context, Caller) (wire.SharedPC, error) {
	s.reached = append(s.reached, "state")
	return wire.SharedPC{}, nil
}
func (s *sharer) Key(context.Context, Caller, wire.CertifiedKey) error {
	s.reached = append(s.reached, "key")
	return nil
}
func (s *sharer) Taken(context.Context, Caller, wire.CarryTaken) error {
	s.reached = append(s.reached, "taken")
	return nil
}
func (s *sharer) Targets(context.Context, Caller) (wire.CarryTargets, error) {
	s.reached = append(s.reached, "targets")
	return wire.CarryTargets{}, nil
}
func (s *sharer) Carry(context.Context, Caller, wire.Carry) error {
	s.reached = append(s.reached, "carry")
	return nil
}

// A PC learns in quarantine what may lie on it; faces leave it in a live session alone.
func TestFacesMoveInALiveSessionAlone(t *testing.T) {
	s := &sharer{}
	f, c := setUp(t, func(d *Districts) { d.Shared = s })
	for _, r := range [][3]string{
		{"GET", "shared", ""}, {"POST", "shared/key", `{"certificate":"","statement":{"payload":"","signature":""}}`}, {"POST", "shared/taken", `{"commitment":"","refused":""}`},
	} {
		if status, body := c.request(r[0], prefix+r[1], r[2], nil); status != 200 {
			t.Errorf("%s %s: %d %s", r[0], r[1], status, body)
		}
	}
	carry := `{"sealed":"","certificate":"","statement":{"payload":"","signature":""}}`
	for _, r := range [][3]string{{"GET", "shared/targets", ""}, {"POST", "shared/faces", carry}} {
		if status, problem := c.request(r[0], prefix+r[1], r[2], nil); status != 403 || problem != "session.required" {
			t.Errorf("%s %s in quarantine: %d %s", r[0], r[1], status, problem)
		}
	}
	if want := []string{"state", "key", "taken"}; !slices.Equal(s.reached, want) || len(f.rows) != 2 {
		t.Errorf("reached %q, %d rows", s.reached, len(f.rows))
	}
	for _, body := range []string{"", "[]", `{"commitment":1}`, `{"commitment":"","refused":"","wipe":true}`, `{} {}`} {
		if status, problem := c.request("POST", prefix+"shared/taken", body, nil); status != 422 {
			t.Errorf("%s: %d %s", body, status, problem)
		}
	}
	if len(s.reached) != 3 {
		t.Errorf("malformed bodies reached %q", s.reached)
	}
}
