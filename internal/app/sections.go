package app

import (
	"context"
	"fmt"
	"strconv"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/gate/reports"
	"github.com/sekisho/sekisho/internal/guard/presence"
)

// The sections of the report for the client company, each from the room that
// knows. They count; they name nobody.

func say(ja, en string) reports.Text { return reports.Text{JA: ja, EN: en} }

// many is a number with its counter word.
func many(n int, counter, unit string) reports.Text {
	return reports.Text{JA: strconv.Itoa(n) + counter, EN: fmt.Sprint(n, " ", unit)}
}

func people(n int) reports.Text { return many(n, "名", "people") }
func pcs(n int) reports.Text    { return many(n, "台", "PCs") }
func times(n int) reports.Text  { return many(n, "件", "times") }

type peopleSection struct {
	people *operators.Operators
	parts  parts
}

func (v peopleSection) Section(ctx context.Context, of reports.Span) (s reports.Section, err error) {
	part, err := v.parts.of(ctx, of.Client)
	if err != nil {
		return s, err
	}
	list, err := v.people.List(ctx)
	if err != nil {
		return s, err
	}
	active, suspended, home, byApproval, roles := 0, 0, 0, 0, map[sekisho.Role]int{}
	for _, p := range list {
		if !part.now(p.ID) {
			continue
		}
		if !p.Active {
			suspended++
			continue
		}
		active++
		for _, r := range p.Roles {
			roles[r]++
		}
		if p.Has(sekisho.RoleOperator) && p.Place == sekisho.PlaceHome {
			home++
		}
		if p.Has(sekisho.RoleOperator) && !p.FaceUsable {
			byApproval++
		}
	}
	s = reports.Section{
		Key: "people", Title: say("利用者", "People"),
		Lead: say("作成時点の人数です。1人が複数の役割を持つことがあります。", "When this was made. One person may hold several roles."),
		Facts: []reports.Fact{
			{Key: "people.active", Label: say("利用中の人", "Active people"), Value: people(active)},
			{Key: "people.suspended", Label: say("停止中の人", "Suspended people"), Value: people(suspended)},
			{Key: "people.home", Label: say("在宅のオペレーター", "Operators at home"), Value: people(home)},
			{Key: "people.by_approval", Label: say("SVの承認で接続する人", "Operators let in by approval"), Value: people(byApproval)},
		},
	}
	if !part.whole {
		return s, nil // who runs the centre is not the client's part of it
	}
	s.Facts = append(s.Facts, reports.Fact{Key: "people.administrators", Label: say("管理者", "Administrators"), Value: people(roles[sekisho.RoleAdministrator])})
	t := reports.Table{Label: say("役割ごとの人数", "People by role"), Heads: []reports.Text{say("役割", "Role"), say("人数", "People")}}
	for _, r := range []struct {
		role sekisho.Role
		name reports.Text
	}{
		{sekisho.RoleOperator, say("オペレーター", "Operator")}, {sekisho.RoleSupervisor, say("スーパーバイザー（SV）", "Supervisor")},
		{sekisho.RoleAdministrator, say("管理者", "Administrator")}, {sekisho.RoleOfficer, say("情報セキュリティ責任者", "Security officer")},
		{sekisho.RoleAuditor, say("監査担当", "Auditor")},
	} {
		t.Rows = append(t.Rows, []reports.Text{r.name, people(roles[r.role])})
	}
	s.Tables = []reports.Table{t}
	return s, nil
}

type devicesSection struct {
	devices *devices.Inventory
	parts   parts
}

func (v devicesSection) Section(ctx context.Context, of reports.Span) (s reports.Section, err error) {
	part, err := v.parts.of(ctx, of.Client)
	if err != nil {
		return s, err
	}
	list, err := v.devices.List(ctx)
	if err != nil {
		return s, err
	}
	states, tiers, home, hardware, software := map[devices.State]int{}, map[sekisho.Tier]int{}, 0, 0, 0
	for _, d := range list {
		if !part.now(d.Person) {
			continue
		}
		states[d.State]++
		if d.State != devices.Issued {
			continue
		}
		tiers[d.Tier]++
		if d.Place == sekisho.PlaceHome {
			home++
		}
		if d.KeyKind == devices.KeyTPM {
			hardware++
		} else {
			software++
		}
	}
	tier := func(name string, t sekisho.Tier, words reports.Text) []reports.Text {
		return []reports.Text{reports.Same(name), words, pcs(tiers[t])}
	}
	s = reports.Section{
		Key: "pcs", Title: say("貸与PC", "Issued PCs"),
		Lead: say("作成時点の台数です。接続できるのは貸与中のPCだけです。", "When this was made. Only a PC that is issued can connect."),
		Facts: []reports.Fact{
			{Key: "pcs.issued", Label: say("貸与中", "Issued"), Value: pcs(states[devices.Issued])},
			{Key: "pcs.home", Label: say("うち在宅", "At home"), Value: pcs(home)},
			{Key: "pcs.hardware_keys", Label: say("鍵がTPMにあるPC", "Key in a TPM"), Value: pcs(hardware)},
			{Key: "pcs.software_keys", Label: say("鍵がソフトウェアにあるPC", "Key in software"), Value: pcs(software)},
		},
		Tables: []reports.Table{{
			Label: say("貸与中のPCの保証レベル", "Issued PCs by tier"),
			Heads: []reports.Text{say("保証レベル", "Tier"), say("意味", "Meaning"), say("台数", "PCs")},
			Rows: [][]reports.Text{
				tier("A", sekisho.TierA, say("TPMの製造元まで確かめた", "TPM proved up to its maker")),
				tier("B", sekisho.TierB, say("TPMの鍵を管理者が照合した", "TPM key compared by an administrator")),
				tier("C", sekisho.TierC, say("ソフトウェアの鍵（ポリシーで認めたときだけ）", "Key in software, only where a policy names it")),
			},
		}},
	}
	if part.whole { // a PC that nobody has is nobody's part
		s.Facts = append(s.Facts,
			reports.Fact{Key: "pcs.suspended", Label: say("停止中", "Suspended"), Value: pcs(states[devices.Suspended])},
			reports.Fact{Key: "pcs.returned", Label: say("返却済み", "Returned"), Value: pcs(states[devices.Returned])},
			reports.Fact{Key: "pcs.revoked", Label: say("失効（紛失・盗難など）", "Revoked (lost, stolen and the like)"), Value: pcs(states[devices.Revoked])})
	}
	return s, nil
}

type incidentsSection struct {
	presence *presence.Presence
	parts    parts
}

func (v incidentsSection) Section(ctx context.Context, span reports.Span) (s reports.Section, err error) {
	part, err := v.parts.of(ctx, span.Client)
	if err != nil {
		return s, err
	}
	list, err := part.tallies(ctx, v.presence, span.From, span.To)
	if err != nil {
		return s, err
	}
	type outcome struct {
		state    sekisho.State
		decision string
	}
	counts, total, open, missing := map[outcome]int{}, 0, 0, 0
	for _, t := range list {
		counts[outcome{t.State, t.Decision}] += t.N
		total += t.N
		if t.Decision == presence.Undecided {
			open += t.N
		}
		if t.Evidence == presence.EvidenceMissing {
			missing += t.N
		}
	}
	s = reports.Section{
		Key: "incidents", Title: say("検知と判断", "Incidents and their outcomes"),
		Lead: say("対象期間に検知した件数です。判断は情報セキュリティ責任者が行います。", "Detections in the period. A security officer decides each."),
		Facts: []reports.Fact{
			{Key: "incidents.total", Label: say("検知", "Incidents"), Value: times(total)},
			{Key: "incidents.decided", Label: say("判断済み", "Decided"), Value: times(total - open)},
			{Key: "incidents.undecided", Label: say("未判断", "Not decided yet"), Value: times(open)},
			{Key: "incidents.evidence_missing", Label: say("記録画像が届かなかった検知", "Incidents whose sealed record did not arrive"), Value: times(missing)},
		},
	}
	t := reports.Table{Label: say("検知の種類と判断", "By kind and outcome"), Heads: []reports.Text{
		say("種類", "Kind"), say("真", "True"), say("問題なし", "Harmless"), say("誤検知", "False"), say("未判断", "Undecided"),
	}}
	for _, k := range []struct {
		state sekisho.State
		name  reports.Text
	}{
		{sekisho.Onlooker, say("のぞき見", "Onlooker")}, {sekisho.Other, say("登録外の方", "Other person")}, {sekisho.Absent, say("離席", "Absent")},
		{sekisho.Covered, say("カメラが覆われた", "Camera covered")}, {sekisho.Spoof, say("なりすましの疑い", "Spoof suspected")}, {sekisho.Lost, say("在席確認の途絶", "Lost")},
	} {
		row := []reports.Text{k.name}
		for _, d := range []string{presence.True, presence.Harmless, presence.False, presence.Undecided} {
			row = append(row, times(counts[outcome{k.state, d}]))
		}
		t.Rows = append(t.Rows, row)
	}
	s.Tables = []reports.Table{t}
	return s, nil
}
