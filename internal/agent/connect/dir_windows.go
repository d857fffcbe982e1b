package connect

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"unsafe"

	"golang.org/x/sys/windows"
)

func installedDir() string { return filepath.Join(os.Getenv("ProgramData"), "Sekisho", "agent") }

// Windows keeps no mode bits: an access list protects the state folder and, by
// inheritance, what lies in it. All of this is compiled, and has not been run on
// Windows: what is not exactly as it should be refuses.

// secureFolder makes the state folder with a list that takes nothing over from
// the folder above: our own account, SYSTEM and administrators, nobody else. A
// folder that was there before gets the same list if it is ours, and is looked
// at once more.
func secureFolder(dir string) error {
	trusted, err := trustedAccounts()
	if err != nil {
		return errFolder.Because(err)
	}
	text := "D:P"
	for _, sid := range trusted {
		text += "(A;OICI;FA;;;" + sid.String() + ")"
	}
	sd, err := windows.SecurityDescriptorFromString(text)
	if err != nil {
		return errFolder.Because(err)
	}
	if err := makeFolder(dir, sd); err != nil {
		return errFolder.Because(fmt.Errorf("connect: state folder %s: %w", dir, err))
	}
	if err := ownedBy(dir, trusted); err != nil {
		return errFolder.Because(err)
	}
	dacl, _, err := sd.DACL()
	if err != nil {
		return errFolder.Because(err)
	}
	const list = windows.DACL_SECURITY_INFORMATION | windows.PROTECTED_DACL_SECURITY_INFORMATION
	if err := windows.SetNamedSecurityInfo(dir, windows.SE_FILE_OBJECT, list, nil, nil, dacl, nil); err != nil {
		return errFolder.Because(fmt.Errorf("connect: state folder %s: %w", dir, err))
	}
	if err := closed(dir, trusted); err != nil {
		return errFolder.Because(err)
	}
	return nil
}

// makeFolder makes the last folder of the path under its list from the first
// moment on; one that is there already stays.
func makeFolder(dir string, sd *windows.SECURITY_DESCRIPTOR) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return err
	}
	path, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return err
	}
	sa := &windows.SecurityAttributes{SecurityDescriptor: sd}
	sa.Length = uint32(unsafe.Sizeof(*sa))
	if err := windows.CreateDirectory(path, sa); err != nil && !errors.Is(err, windows.ERROR_ALREADY_EXISTS) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() { // a link or a junction leads where the list does not hold
		return errors.New("not a folder of its own")
	}
	return nil
}

// trustedFile refuses a file that belongs to none of the accounts that the
// folder is open to: it was put there before the folder was closed.
func trustedFile(path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no plain file", path)
	}
	trusted, err := trustedAccounts()
	if err != nil {
		return err
	}
	return ownedBy(path, trusted)
}

// trustedAccounts are our own, SYSTEM and the administrators.
func trustedAccounts() ([]*windows.SID, error) {
	own, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, err
	}
	system, err := windows.CreateWellKnownSid(windows.WinLocalSystemSid)
	if err != nil {
		return nil, err
	}
	administrators, err := windows.CreateWellKnownSid(windows.WinBuiltinAdministratorsSid)
	if err != nil {
		return nil, err
	}
	return []*windows.SID{own.User.Sid, system, administrators}, nil
}

func among(sid *windows.SID, trusted []*windows.SID) bool {
	for _, t := range trusted {
		if sid != nil && sid.Equals(t) {
			return true
		}
	}
	return false
}

func ownedBy(path string, trusted []*windows.SID) error {
	sd, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	if err != nil {
		return fmt.Errorf("connect: owner of %s: %w", path, err)
	}
	owner, _, err := sd.Owner()
	if err != nil {
		return fmt.Errorf("connect: owner of %s: %w", path, err)
	}
	if !among(owner, trusted) {
		return fmt.Errorf("connect: %s belongs to %s", path, owner)
	}
	return nil
}

// closed reads the list back: protected, and open to nobody but the trusted.
func closed(dir string, trusted []*windows.SID) error {
	sd, err := windows.GetNamedSecurityInfo(dir, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return fmt.Errorf("connect: access list of %s: %w", dir, err)
	}
	control, _, err := sd.Control()
	if err != nil {
		return fmt.Errorf("connect: access list of %s: %w", dir, err)
	}
	dacl, _, err := sd.DACL()
	if err != nil || dacl == nil || control&windows.SE_DACL_PROTECTED == 0 {
		return fmt.Errorf("connect: the access list of %s is not its own (%v)", dir, err)
	}
	for i := range dacl.AceCount {
		var ace *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(dacl, uint32(i), &ace); err != nil {
			return fmt.Errorf("connect: access list of %s: %w", dir, err)
		}
		if ace.Header.AceType != windows.ACCESS_ALLOWED_ACE_TYPE || !among((*windows.SID)(unsafe.Pointer(&ace.SidStart)), trusted) {
			return fmt.Errorf("connect: the access list of %s lets somebody else in", dir)
		}
	}
	return nil
}
