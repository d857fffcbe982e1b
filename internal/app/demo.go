package app

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/gate/posture"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/wire"
)

// demoPeople are invented, and their names say so (見本 is "sample").
var demoPeople = []operators.Person{
	{Name: "見本 花子", Kana: "ミホン ハナコ", Login: "operator", Roles: roles(sekisho.RoleOperator), FaceUsable: true, Place: sekisho.PlaceHome},
	{Name: "見本 太郎", Kana: "ミホン タロウ", Login: "operator2", Roles: roles(sekisho.RoleOperator), FaceUsable: true, Place: sekisho.PlaceHome},
	{Name: "見本 あかり", Kana: "ミホン アカリ", Login: "operator3", Roles: roles(sekisho.RoleOperator), FaceUsable: false, Place: sekisho.PlaceHome},
	{Name: "見本 新人", Kana: "ミホン シンジン", Login: untrainedLogin, Roles: roles(sekisho.RoleOperator), FaceUsable: true, Place: sekisho.PlaceHome},
	{Name: "見本 監督", Kana: "ミホン カントク", Login: "supervisor", Roles: roles(sekisho.RoleSupervisor), Place: sekisho.PlaceOffice},
	{Name: "見本 管理", Kana: "ミホン カンリ", Login: "admin", Roles: roles(sekisho.RoleAdministrator), Place: sekisho.PlaceOffice},
	{Name: "見本 管理 二", Kana: "ミホン カンリ ニ", Login: "admin2", Roles: roles(sekisho.RoleAdministrator), Place: sekisho.PlaceOffice},
	{Name: "見本 責任 一", Kana: "ミホン セキニン イチ", Login: "officer1", Roles: roles(sekisho.RoleOfficer), Place: sekisho.PlaceOffice},
	{Name: "見本 責任 二", Kana: "ミホン セキニン ニ", Login: "officer2", Roles: roles(sekisho.RoleOfficer), Place: sekisho.PlaceOffice},
	{Name: "見本 監査", Kana: "ミホン カンサ", Login: "auditor", Roles: roles(sekisho.RoleAuditor), Place: sekisho.PlaceOffice},
	{Name: "見本 委託元監査", Kana: "ミホン イタクモトカンサ", Login: "client-auditor", Roles: roles(sekisho.RoleAuditor), Place: sekisho.PlaceOffice},
}

// untrainedLogin is the operator of a demonstration who has taken no course and
// whose time of grace is over: what happens then can be seen with him.
const untrainedLogin = "operator4"

func roles(r ...sekisho.Role) []sekisho.Role { return r }

// demoPolicies name software keys, which no policy of a real centre does
// unless somebody writes it there.
var demoPolicies = []wire.GuardPolicy{
	{Name: "demo", Place: sekisho.PlaceHome, Onlooker: true, AbsentMS: 10_000, Reentry: "standard", AllowSoftware: true, ConfirmEvery: 60},
	{Name: "demo-strict", Place: sekisho.PlaceHome, Onlooker: true, AbsentMS: 10_000, Reentry: "strict", AllowSoftware: true, ConfirmEvery: 60},
	{Name: "demo-office", Place: sekisho.PlaceOffice, AbsentMS: 10_000, Reentry: "standard", AllowSoftware: true, ConfirmEvery: 60},
}

// demoSeeded is what `sekisho demo` prints.
type demoSeeded struct {
	People      map[string]string `json:"people"`
	OfficerKeys []string          `json:"officer_keys"`
	RosterKeys  []string          `json:"roster_keys"`
	Roster      string            `json:"roster"`
}

// seedDemo fills an empty data folder with a demonstration: invented people,
// policies, two officers with keys of their own and a roster signed by two of
// three roots. Their keys lie in DATA/../officers: in a real centre they never
// come near the server.
//
// With a fleet, as many operators with issued PCs come on top, their keys in a file.
func seedDemo(ctx context.Context, s Settings, clk clock.Clock, fleet int, file string) (out demoSeeded, err error) {
	if err := checkFleet(fleet, file); err != nil {
		return out, err
	}
	release, err := lockData(s.Data)
	if err != nil {
		return out, err
	}
	defer release()
	if s.Console.Origin == "" {
		s.Console.Origin = "http://console.localhost"
	}
	h, err := Build(ctx, s, clk)
	if err != nil {
		return out, err
	}
	defer func() {
		if e := h.Close(); err == nil {
			err = e
		}
	}()
	people, err := h.people.SeedDemo(ctx, append(slices.Clone(demoPeople), fleetPeople(fleet)...))
	if err != nil {
		return out, err
	}
	out.People = map[string]string{}
	for _, p := range people[:len(demoPeople)] {
		out.People[p.Login] = string(p.ID)
	}
	admin := sekisho.PersonID(out.People["admin"])
	for _, p := range demoPolicies {
		if _, err := h.policies.Put(ctx, admin, p); err != nil {
			return out, err
		}
		// A container has no disk, screen or camera of its own: nothing is asked of it.
		if _, err := h.posture.Put(ctx, admin, p.Place, posture.Nothing(p.Name)); err != nil {
			return out, err
		}
	}
	if err := h.demoTraining(ctx, people); err != nil {
		return out, err
	}
	if err := h.demoClients(ctx, out.People); err != nil {
		return out, err
	}
	if err := h.demoCalls(ctx, sekisho.PersonID(out.People["admin"])); err != nil {
		return out, err
	}
	if err := h.demoRoom(ctx, sekisho.PersonID(out.People["operator"]), sekisho.PersonID(out.People["supervisor"])); err != nil {
		return out, err
	}
	if err := h.demoPool(ctx, out.People); err != nil {
		return out, err
	}
	if err := h.demoRoster(&out); err != nil || fleet == 0 {
		return out, err
	}
	return out, h.seedFleet(ctx, people[len(demoPeople):], admin, sekisho.PersonID(out.People["supervisor"]), file)
}

func (h *House) demoRoster(out *demoSeeded) error {
	dir := filepath.Join(filepath.Dir(filepath.Clean(h.settings.Data)), "officers")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	now := h.clock.Now().Truncate(time.Second)
	roster := sealing.Roster{Version: 1, Issued: now, Expires: now.AddDate(1, 0, 0)}
	for i, name := range []string{"見本 責任 一", "見本 責任 二"} {
		file, public, err := sealing.NewOfficerKey("")
		if err != nil {
			return err
		}
		path := filepath.Join(dir, fmt.Sprintf("officer-%d.key", i+1))
		if err := os.WriteFile(path, file, 0o600); err != nil {
			return err
		}
		// What the console's commands name: --key officer-1.key --to officer-2.pub.
		if err := os.WriteFile(strings.TrimSuffix(path, ".key")+".pub", []byte(public+"\n"), 0o644); err != nil {
			return err
		}
		out.OfficerKeys = append(out.OfficerKeys, path)
		roster.Officers = append(roster.Officers, sealing.Officer{ID: fmt.Sprintf("officer-%d", i+1), Name: name, Recipient: public})
	}
	draft, err := sealing.Draft(roster)
	if err != nil {
		return err
	}
	roots := rosterRoots{Threshold: 2}
	for i := range 3 {
		file, public, err := sealing.NewRootKey("")
		if err != nil {
			return err
		}
		path := filepath.Join(dir, fmt.Sprintf("root-%d.key", i+1))
		if err := os.WriteFile(path, file, 0o600); err != nil {
			return err
		}
		out.RosterKeys = append(out.RosterKeys, path)
		roots.Keys = append(roots.Keys, wire.Bytes(public))
		if i < roots.Threshold {
			key, err := sealing.ReadRootKey(file, "")
			if err != nil {
				return err
			}
			draft.Sign(key)
		}
	}
	signed, err := draft.Marshal()
	if err != nil {
		return err
	}
	out.Roster = filepath.Join(dir, "roster.json")
	public, err := json.Marshal(roots)
	if err != nil {
		return err
	}
	for path, b := range map[string][]byte{out.Roster: signed, filepath.Join(dir, "roots.json"): public} {
		if err := os.WriteFile(path, b, 0o644); err != nil {
			return err
		}
	}
	return h.trust.Install(roots, signed)
}
