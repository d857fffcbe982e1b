package app

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/gate/posture"
	"github.com/sekisho/sekisho/internal/gate/reports"
	"github.com/sekisho/sekisho/internal/gate/training"
)

// trainingSection counts who has passed the courses that are required, or who has
// acknowledged the rule documents in force.
type trainingSection struct {
	training *training.Training
	people   *operators.Operators
	parts    parts
	key      string // "training" or "rules"
}

func (v trainingSection) Section(ctx context.Context, of reports.Span) (s reports.Section, err error) {
	part, err := v.parts.of(ctx, of.Client)
	if err != nil {
		return s, err
	}
	list, err := v.people.List(ctx)
	if err != nil {
		return s, err
	}
	var ids []sekisho.PersonID
	for _, p := range list {
		if p.Has(sekisho.RoleOperator) && part.now(p.ID) {
			ids = append(ids, p.ID)
		}
	}
	standings, err := v.training.People(ctx, ids)
	if err != nil {
		return s, err
	}
	done := 0
	for _, st := range standings {
		whole := true
		for _, n := range st.Needs {
			if counted := n.Document != "" && v.key == "rules" || n.Course != "" && v.key == "training"; counted && n.Done.IsZero() {
				whole = false
			}
		}
		if whole {
			done++
		}
	}
	value := say(people(done).JA+"（"+people(len(ids)).JA+"中）", people(done).EN+" of "+people(len(ids)).EN)
	if v.key == "training" {
		return reports.Section{
			Key: "training", Title: say("教育と理解度テスト", "Training"),
			Lead:  say("作成時点で有効な合格です。本人認証で確定したものだけを数えます。", "Passes that are valid when this was made, and that a face check has confirmed."),
			Facts: []reports.Fact{{Key: "training.passed", Label: say("必須の講座にすべて合格したオペレーター", "Operators who passed every required course"), Value: value}},
		}, nil
	}
	return reports.Section{
		Key: "rules", Title: say("規程の確認", "Rule documents"),
		Lead:  say("作成時点の版に対する確認です。本人認証で確定したものだけを数えます。", "Of the versions in force when this was made; a face check has confirmed each."),
		Facts: []reports.Fact{{Key: "rules.acknowledged", Label: say("確認が必要な規程をすべて確認したオペレーター", "Operators who acknowledged every required document"), Value: value}},
	}, nil
}

// postureSection counts the PCs whose newest report meets the rules that close.
type postureSection struct {
	posture *posture.Posture
	devices *devices.Inventory
	parts   parts
}

func (v postureSection) Section(ctx context.Context, of reports.Span) (s reports.Section, err error) {
	part, err := v.parts.of(ctx, of.Client)
	if err != nil {
		return s, err
	}
	list, err := v.devices.List(ctx)
	if err != nil {
		return s, err
	}
	issued, reported, passed := 0, 0, 0
	for _, d := range list {
		if d.State != devices.Issued || !part.now(d.Person) {
			continue
		}
		issued++
		st, err := v.posture.OfDevice(ctx, d.ID, d.Policy, d.Place, true)
		if err != nil {
			return s, err
		}
		if st.At == nil {
			continue
		}
		reported++
		meets := true
		for _, c := range st.Checks {
			meets = meets && !(c.Failing && c.Level == "close")
		}
		if meets {
			passed++
		}
	}
	return reports.Section{
		Key: "posture", Title: say("端末の安全状態", "Posture of the PCs"),
		Lead: say("貸与中のPCの、最後の報告による台数です。接続に必要な条件を満たさないPCは接続できません。", "Issued PCs, by the newest report of each. A PC that fails what is required cannot connect."),
		Facts: []reports.Fact{
			{Key: "posture.passed", Label: say("接続に必要な条件を満たしたPC", "PCs that met what is required"), Value: say(pcs(passed).JA+"（"+pcs(issued).JA+"中）", pcs(passed).EN+" of "+pcs(issued).EN)},
			{Key: "posture.missing", Label: say("まだ報告のないPC", "PCs that never reported"), Value: pcs(issued - reported)},
		},
	}, nil
}
