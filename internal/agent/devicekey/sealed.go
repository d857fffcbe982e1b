package devicekey

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/google/go-tpm/tpm2"
	"github.com/google/go-tpm/tpm2/transport"
)

// sealTemplate holds a secret that leaves the TPM only in this PC.
var sealTemplate = tpm2.TPMTPublic{
	Type:    tpm2.TPMAlgKeyedHash,
	NameAlg: tpm2.TPMAlgSHA256,
	ObjectAttributes: tpm2.TPMAObject{
		FixedTPM: true, FixedParent: true, UserWithAuth: true, NoDA: true,
	},
}

// Seal encrypts data under a fresh key that only this TPM gives back:
//
//	len(private)[2] private len(public)[2] public parent[4] AES-GCM box
func (k *tpmKey) Seal(ctx context.Context, purpose string, data []byte) ([]byte, error) {
	fresh := make([]byte, 32)
	_, _ = rand.Read(fresh) // crypto/rand never fails
	box, err := boxed(fresh, purpose, data)
	if err != nil {
		return nil, err
	}
	var out []byte
	err = k.w.do(ctx, callLimit, func(t transport.TPM, _ int) error {
		parent, id, err := openStorage(t, k.file.Parent, false)
		if err != nil {
			return err
		}
		defer parent.close(t)
		auth := parent.auth()
		auth.Auth = parent.session(true)
		rsp, err := tpm2.Create{ParentHandle: auth, InPublic: tpm2.New2B(sealTemplate),
			InSensitive: tpm2.TPM2BSensitiveCreate{Sensitive: &tpm2.TPMSSensitiveCreate{
				Data: tpm2.NewTPMUSensitiveCreate(&tpm2.TPM2BSensitiveData{Buffer: fresh})}}}.Execute(t)
		if err != nil {
			return fmt.Errorf("devicekey: seal: %w", err)
		}
		private, public := rsp.OutPrivate.Buffer, rsp.OutPublic.Bytes()
		out = append(binary.BigEndian.AppendUint16(nil, uint16(len(private))), private...)
		out = append(binary.BigEndian.AppendUint16(out, uint16(len(public))), public...)
		out = append(binary.BigEndian.AppendUint32(out, id), box...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (k *tpmKey) Unseal(ctx context.Context, purpose string, sealed []byte) ([]byte, error) {
	private, rest, ok1 := cut16(sealed)
	public, rest, ok2 := cut16(rest)
	if !ok1 || !ok2 || len(rest) < 4 {
		return nil, ErrSealed.Because(errors.New("devicekey: sealed data is cut short"))
	}
	id, box := binary.BigEndian.Uint32(rest), rest[4:]
	var fresh []byte
	err := k.w.do(ctx, callLimit, func(t transport.TPM, _ int) error {
		parent, _, err := openStorage(t, id, false)
		if err != nil {
			return err
		}
		defer parent.close(t)
		object, err := tpm2.Load{ParentHandle: parent.auth(), InPrivate: tpm2.TPM2BPrivate{Buffer: private},
			InPublic: tpm2.BytesAs2B[tpm2.TPMTPublic](public)}.Execute(t)
		if err != nil {
			if refused(err) {
				return ErrSealed.Because(err)
			}
			return fmt.Errorf("devicekey: load sealed: %w", err)
		}
		defer flush(t, object.ObjectHandle)
		rsp, err := tpm2.Unseal{ItemHandle: tpm2.AuthHandle{Handle: object.ObjectHandle, Name: object.Name, Auth: parent.session(false)}}.Execute(t)
		if err != nil {
			return fmt.Errorf("devicekey: unseal: %w", err)
		}
		fresh = rsp.OutData.Buffer
		return nil
	})
	if err != nil {
		return nil, err
	}
	data, err := unboxed(fresh, purpose, box)
	if err != nil {
		return nil, ErrSealed.Because(err)
	}
	return data, nil
}

func cut16(b []byte) (head, rest []byte, ok bool) {
	if len(b) < 2 || len(b) < 2+int(binary.BigEndian.Uint16(b)) {
		return nil, nil, false
	}
	n := 2 + int(binary.BigEndian.Uint16(b))
	return b[2:n], b[n:], true
}
