package circuits

import (
	"github.com/consensys/gnark/frontend"
	"github.com/consensys/gnark/std/permutation/poseidon2"
)

// faceCommitment is the statement "I know a template, a model and a salt behind
// this commitment" as a circuit. It lives among the tests until a proof uses
// it: what is tested is that circuit and Commit can never drift apart.
type faceCommitment struct {
	Commitment frontend.Variable `gnark:",public"`

	Template            [faceValues]frontend.Variable // value + 128
	ModelHigh, ModelLow frontend.Variable
	Quantisation        frontend.Variable
	SaltHigh, SaltLow   frontend.Variable
}

func (c *faceCommitment) Define(api frontend.API) error {
	var x []frontend.Variable
	for i := 0; i < faceValues; i += packed {
		var sum frontend.Variable = 0
		for _, v := range c.Template[i:min(i+packed, faceValues)] {
			api.ToBinary(v, 8) // without it one sum would have many openings
			sum = api.Add(api.Mul(sum, 256), v)
		}
		x = append(x, sum)
	}
	for _, half := range []frontend.Variable{c.ModelHigh, c.ModelLow, c.SaltHigh, c.SaltLow} {
		api.ToBinary(half, 128)
	}
	api.ToBinary(c.Quantisation, 8)
	x = append(x, c.ModelHigh, c.ModelLow, c.Quantisation, c.SaltHigh, c.SaltLow)

	p, err := poseidon2.NewPoseidon2FromParameters(api, width, fullRounds, partialRounds)
	if err != nil {
		return err
	}
	state := make([]frontend.Variable, width)
	for i := range state {
		state[i] = 0
	}
	state[0] = domainFace*256 + len(x)
	copy(state[1:], x)
	if err := p.Permutation(state); err != nil {
		return err
	}
	api.AssertIsEqual(c.Commitment, api.Add(state[1], x[0]))
	return nil
}
