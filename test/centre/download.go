package centre

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
)

// upstream is where the models' own authors publish them.
type upstream struct {
	base   string
	files  map[string]published // by our name
	client *http.Client
	limit  time.Duration // for all files together
}

// published is one file: the commit is part of its path, the hash is pinned by
// the agent, the size bounds what we read.
type published struct {
	path string
	size int64
}

// github is the upstream of the three standard models. A machine without a
// network falls through in seconds; one with a slow one has minutes.
func github() upstream {
	return upstream{
		base: "https://raw.githubusercontent.com",
		files: map[string]published{
			"yunet_s_dynamic.onnx": {
				"/ShiqiYu/libfacedetection.train/0047ac24afb1a50a0c6105001c89d1b5b805dbf1/onnx/yunet_s_dynamic.onnx", 237_823},
			"mobilefacenet_foamliu_128.onnx": {
				"/foamliu/MobileFaceNet/a6cc9032a659b615f477833e1a70b5e7931bcccc/weights/MobileFaceNet.onnx", 3_998_070},
			"minifas_128_int8.onnx": {
				"/VietAnh954/face-antispoof-onnx/b5724af4f4cb336695e81653634e3f354b52f5c1/models/best/98.20/best_model_quantized.onnx", 626_197},
		},
		client: &http.Client{Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: 3 * time.Second}).DialContext,
			TLSHandshakeTimeout:   5 * time.Second,
			ResponseHeaderTimeout: 10 * time.Second,
		}},
		limit: 3 * time.Minute,
	}
}

// fetch downloads what dir does not hold yet. The first file that cannot be had
// ends it: half an engine is none.
func (u upstream) fetch(ctx context.Context, dir string, pins []wire.LocalModel) error {
	ctx, cancel := context.WithTimeout(ctx, u.limit)
	defer cancel()
	for _, pin := range pins {
		if holds(dir, []wire.LocalModel{pin}) == nil {
			continue
		}
		if err := u.download(ctx, dir, pin); err != nil {
			return fmt.Errorf("the download of %s failed: %w", pin.Name, err)
		}
	}
	return nil
}

// download puts one file into dir, under its name only after its hash was right.
func (u upstream) download(ctx context.Context, dir string, pin wire.LocalModel) error {
	file, known := u.files[pin.Name]
	if !known {
		return errors.New("nobody publishes it")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.base+file.path, nil)
	if err != nil {
		return err
	}
	res, err := u.client.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", r.URL.Host, res.Status)
	}
	content, err := io.ReadAll(io.LimitReader(res.Body, file.size+1))
	switch {
	case err != nil:
		return err
	case int64(len(content)) != file.size:
		return fmt.Errorf("it has not the %d bytes of the pinned file", file.size)
	}
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != pin.SHA256 {
		return fmt.Errorf("it is not the pinned file: its SHA-256 is %x", sum)
	}
	return place(dir, pin.Name, content)
}

// place writes a file whole or not at all, also where two programs do at once.
func place(dir, name string, content []byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, name+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone already where all went well
	_, err = f.Write(content)
	if err := errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), filepath.Join(dir, name))
}
