package bench

import (
	"strings"
	"testing"

	"github.com/sekisho/sekisho/internal/gate/rules"
)

// The measurement itself must work: the same acts, small. No bound is judged here.
func TestPoliciesAreMeasured(t *testing.T) {
	small := policySize{people: 200, desktops: 20, decisions: 1500, sets: map[int]float64{100: 1e9}}
	results, err := small.all(t.Context(), t.Logf)
	if err != nil || len(results) != 1 || results[0].Value <= 0 || results[0].Labels["policies"] != "100" {
		t.Fatalf("%+v, %v", results, err)
	}
	if _, faults := rules.Compile(policies(1000, 200)); len(faults) != 0 || strings.Count(policies(1000, 200), "@id(") != 1000 {
		t.Errorf("%+v", faults)
	}
}
