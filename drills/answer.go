package drills

import (
	"errors"

	"github.com/sekisho/sekisho/test/centre"
	"github.com/sekisho/sekisho/test/rawpc"
)

// answerCode is the code of a refusal by whichever door, or the error's text.
func answerCode(err error) string {
	if a, ok := errors.AsType[*centre.Answer](err); ok {
		return a.Problem.Code
	}
	return rawpc.CodeOf(err)
}
