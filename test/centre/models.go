package centre

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/sekisho/sekisho/internal/agent/connect"
	"github.com/sekisho/sekisho/internal/agent/localdoor"
	"github.com/sekisho/sekisho/internal/wire"
)

// ModelsVariable names the folder of the face models for every command of the
// Makefile; an installed agent has the same folder in agent.toml (models).
const ModelsVariable = "SEKISHO_MODELS"

// Models is a folder of face models that an agent takes.
type Models struct {
	Dir      string
	Standard bool   // the pinned models; else the demonstration engine, which is no key
	Source   string // where they came from, and why not from a better place
}

// modelSearch is where models are looked for, in this order: the folder that
// somebody named, the one beside the checkout, what an earlier run downloaded,
// the upstream addresses, and what npm ships.
type modelSearch struct {
	root     string // of the checkout
	named    string
	upstream upstream
	make     func(ctx context.Context, dir string) error // the demonstration engine's files
}

// FindModels looks for face models, downloads them, or makes the demonstration
// engine's. Nothing is believed by its name: every file has its pinned SHA-256.
func FindModels(ctx context.Context) (Models, error) {
	root, err := Root()
	if err != nil {
		return Models{}, err
	}
	s := modelSearch{root: root, named: os.Getenv(ModelsVariable), upstream: github(), make: makeDemoEngine(root)}
	return s.find(ctx)
}

func makeDemoEngine(root string) func(ctx context.Context, dir string) error {
	return func(ctx context.Context, dir string) error {
		_, err := RunOnce(ctx, nil, "node", filepath.Join(root, "web/packages/face/tools/demo-models.mjs"), dir)
		return err
	}
}

// foundModels is for PCs whose options name no folder: looked for once a program.
var foundModels = sync.OnceValues(func() (Models, error) { return FindModels(context.Background()) })

func (s modelSearch) find(ctx context.Context) (Models, error) {
	if s.named != "" {
		return s.folder()
	}
	beside, built := filepath.Join(s.root, "..", "shared", "models"), filepath.Join(s.root, "build", "models")
	for _, dir := range []string{beside, built} {
		if holds(dir, connect.StandardModels()) == nil {
			return Models{Dir: dir, Standard: true, Source: dir}, nil
		}
	}
	failed := s.upstream.fetch(ctx, built, connect.StandardModels())
	if failed == nil {
		return Models{Dir: built, Standard: true, Source: "downloaded into " + built}, nil
	}
	if ctx.Err() != nil {
		return Models{}, ctx.Err()
	}
	if holds(built, connect.DemoModels()) != nil {
		if err := errors.Join(os.MkdirAll(built, 0o755), s.make(ctx, built)); err != nil {
			return Models{}, fmt.Errorf("centre: no face models: not in %s, %w; the demonstration engine: %w", beside, failed, err)
		}
		if err := holds(built, connect.DemoModels()); err != nil {
			return Models{}, fmt.Errorf("centre: the demonstration engine: %w", err)
		}
	}
	return Models{Dir: built, Source: fmt.Sprintf("demonstration engine made from npm's weights: not in %s, and %v", beside, failed)}, nil
}

// folder is the one that somebody named: that one or none.
func (s modelSearch) folder() (Models, error) {
	dir, err := filepath.Abs(s.named)
	if err != nil {
		return Models{}, err
	}
	missing := holds(dir, connect.StandardModels())
	if missing == nil {
		return Models{Dir: dir, Standard: true, Source: dir}, nil
	}
	if holds(dir, connect.DemoModels()) == nil {
		return Models{Dir: dir, Source: "demonstration engine in " + dir}, nil
	}
	return Models{}, fmt.Errorf("centre: %s names a folder without the pinned face models: %w", ModelsVariable, missing)
}

// holds says why a folder does not hold every pinned model.
func holds(dir string, pins []wire.LocalModel) error {
	_, err := localdoor.LoadModels(dir, pins)
	return err
}

// Root is the folder of the checkout that we run in.
func Root() (string, error) {
	at, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return at, nil
		}
		up := filepath.Dir(at)
		if up == at {
			return "", errors.New("centre: not inside a checkout of the project")
		}
		at = up
	}
}
