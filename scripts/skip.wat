;; The walk of src/tables/json/skip.ts, 16 bytes at a time. scripts/assemble-skip.ts makes
;; src/tables/json/skip-module.ts of it; a test compares both with each other.
;;
;; Positions are those in the text. A result below 0 is ~position of the byte that is not JSON.
;; Memory: 0 the brackets that are open, 1024 the classes of bytes, 2048 how many members were
;; listed, 2052 how many newlines were skipped, 4096 the tables of wanted names, 20480 the lists, 65536
;; the text, with 64 zeros behind.
(module
  (memory (export "memory") 2)
  ;; Whether a string with an escape was skipped.
  (global $escaped (mut i32) (i32.const 0))

  ;; 1: blank, 2: may follow a backslash, 4: hexadecimal digit
  (data (i32.const 1033) "\01\01")
  (data (i32.const 1037) "\01")
  (data (i32.const 1056) "\01\00\02")
  (data (i32.const 1071) "\02\04\04\04\04\04\04\04\04\04\04")
  (data (i32.const 1089) "\04\04\04\04\04\04")
  (data (i32.const 1116) "\02")
  (data (i32.const 1121) "\04\06\04\04\04\06")
  (data (i32.const 1134) "\02")
  (data (i32.const 1138) "\02\00\02\02")

  (func $class (param $byte i32) (result i32)
    (i32.load8_u offset=1024 (local.get $byte)))

  (func $byte (param $at i32) (result i32)
    (i32.load8_u offset=65536 (local.get $at)))

  (func $skipBlanks (param $at i32) (param $end i32) (result i32)
    (local $c i32)
    (block $out
      (loop $l
        (br_if $out (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $c (call $byte (local.get $at)))
        (br_if $out (i32.eqz (i32.and (call $class (local.get $c)) (i32.const 1))))
        (if (i32.eq (local.get $c) (i32.const 10)) (then (i32.store (i32.const 2052) (i32.add (i32.load (i32.const 2052)) (i32.const 1)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $l)))
    (local.get $at))
  (func $skipString (param $at i32) (param $end i32) (result i32)
    (local $v v128) (local $m i32) (local $c i32)
    (loop $l
      (local.set $v (v128.load offset=65536 (local.get $at)))
      (local.set $m (i8x16.bitmask (v128.or (v128.or
        (i8x16.eq (local.get $v) (v128.const i8x16 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34))
        (i8x16.eq (local.get $v) (v128.const i8x16 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92)))
        (i8x16.lt_u (local.get $v) (v128.const i8x16 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32)))))
      (if (i32.eqz (local.get $m)) (then
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br_if $l (i32.lt_u (local.get $at) (local.get $end)))
        (return (i32.xor (local.get $end) (i32.const -1)))))
      (local.set $at (i32.add (local.get $at) (i32.ctz (local.get $m))))
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.xor (local.get $end) (i32.const -1)))))
      (local.set $c (call $byte (local.get $at)))
      (if (i32.eq (local.get $c) (i32.const 34)) (then (return (i32.add (local.get $at) (i32.const 1)))))
      (if (i32.ne (local.get $c) (i32.const 92)) (then (return (i32.xor (local.get $at) (i32.const -1)))))
      (global.set $escaped (i32.const 1))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.xor (local.get $end) (i32.const -1)))))
      (local.set $c (call $byte (local.get $at)))
      (if (i32.eqz (i32.and (call $class (local.get $c)) (i32.const 2))) (then (return (i32.xor (local.get $at) (i32.const -1)))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (if (i32.eq (local.get $c) (i32.const 117)) (then
        (local.set $m (i32.const 4))
        (loop $h
          (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.xor (local.get $end) (i32.const -1)))))
          (if (i32.eqz (i32.and (call $class (call $byte (local.get $at))) (i32.const 4))) (then (return (i32.xor (local.get $at) (i32.const -1)))))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br_if $h (local.tee $m (i32.sub (local.get $m) (i32.const 1)))))))
      (br_if $l (i32.lt_u (local.get $at) (local.get $end)))
      (return (i32.xor (local.get $end) (i32.const -1))))
    (unreachable))
  (func $skipDigits (param $at i32) (param $end i32) (result i32)
    (local $s i32)
    (local.set $s (local.get $at))
    (block $out (loop $l
      (br_if $out (i32.ge_u (local.get $at) (local.get $end)))
      (br_if $out (i32.ge_u (i32.sub (call $byte (local.get $at)) (i32.const 48)) (i32.const 10)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $l)))
    (if (i32.eq (local.get $at) (local.get $s)) (then (return (i32.xor (local.get $at) (i32.const -1)))))
    (local.get $at))
  (func $skipNumber (param $at i32) (param $end i32) (result i32)
    (local $c i32)
    (if (i32.eq (call $byte (local.get $at)) (i32.const 45)) (then (local.set $at (i32.add (local.get $at) (i32.const 1)))))
    (if (i32.and (i32.lt_u (local.get $at) (local.get $end)) (i32.eq (call $byte (local.get $at)) (i32.const 48)))
      (then (local.set $at (i32.add (local.get $at) (i32.const 1))))
      (else (local.set $at (call $skipDigits (local.get $at) (local.get $end)))))
    (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))
    (if (i32.and (i32.lt_u (local.get $at) (local.get $end)) (i32.eq (call $byte (local.get $at)) (i32.const 46)))
      (then (local.set $at (call $skipDigits (i32.add (local.get $at) (i32.const 1)) (local.get $end)))
        (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))))
    (if (i32.and (i32.lt_u (local.get $at) (local.get $end)) (i32.eq (i32.or (call $byte (local.get $at)) (i32.const 32)) (i32.const 101)))
      (then
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (local.set $c (call $byte (local.get $at)))
        (if (i32.and (i32.lt_u (local.get $at) (local.get $end)) (i32.or (i32.eq (local.get $c) (i32.const 43)) (i32.eq (local.get $c) (i32.const 45))))
          (then (local.set $at (i32.add (local.get $at) (i32.const 1)))))
        (local.set $at (call $skipDigits (local.get $at) (local.get $end)))))
    (local.get $at))
  ;; a word of n bytes packed in w (little endian)
  (func $skipWord (param $at i32) (param $end i32) (param $w i64) (result i32)
    (loop $l
      (if (i64.eqz (local.get $w)) (then (return (local.get $at))))
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.xor (local.get $end) (i32.const -1)))))
      (if (i32.ne (call $byte (local.get $at)) (i32.and (i32.wrap_i64 (local.get $w)) (i32.const 255))) (then (return (i32.xor (local.get $at) (i32.const -1)))))
      (local.set $w (i64.shr_u (local.get $w) (i64.const 8)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $l))
    (unreachable))
  (func $skipScalar (param $at i32) (param $end i32) (result i32)
    (local $c i32)
    (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.xor (local.get $end) (i32.const -1)))))
    (local.set $c (call $byte (local.get $at)))
    (if (i32.or (i32.eq (local.get $c) (i32.const 45)) (i32.lt_u (i32.sub (local.get $c) (i32.const 48)) (i32.const 10)))
      (then (return (call $skipNumber (local.get $at) (local.get $end)))))
    (if (i32.eq (local.get $c) (i32.const 116)) (then (return (call $skipWord (local.get $at) (local.get $end) (i64.const 0x65757274)))))
    (if (i32.eq (local.get $c) (i32.const 102)) (then (return (call $skipWord (local.get $at) (local.get $end) (i64.const 0x65736c6166)))))
    (if (i32.eq (local.get $c) (i32.const 110)) (then (return (call $skipWord (local.get $at) (local.get $end) (i64.const 0x6c6c756e)))))
    (i32.xor (local.get $at) (i32.const -1)))
  (func $skipKey (param $at i32) (param $end i32) (result i32)
    (if (i32.ne (call $byte (local.get $at)) (i32.const 34)) (then (return (i32.xor (local.get $at) (i32.const -1)))))
    (local.set $at (call $skipString (i32.add (local.get $at) (i32.const 1)) (local.get $end)))
    (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))
    (if (i32.ne (call $byte (local.get $at)) (i32.const 58)) (then
      (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))
      (if (i32.ne (call $byte (local.get $at)) (i32.const 58)) (then (return (i32.xor (local.get $at) (i32.const -1)))))))
    (i32.add (local.get $at) (i32.const 1)))
  (func $skipValue (export "skipValue") (param $at i32) (param $end i32) (result i32)
    (local $c i32) (local $depth i32) (local $close i32)
    (loop $value
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.xor (local.get $end) (i32.const -1)))))
      (local.set $c (call $byte (local.get $at)))
      (block $done
        (if (i32.eq (local.get $c) (i32.const 34)) (then
          (local.set $at (call $skipString (i32.add (local.get $at) (i32.const 1)) (local.get $end)))
          (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))
          (br $done)))
        (if (i32.or (i32.eq (local.get $c) (i32.const 123)) (i32.eq (local.get $c) (i32.const 91))) (then
          (if (i32.eq (local.get $depth) (i32.const 1000)) (then (return (i32.xor (local.get $at) (i32.const -1)))))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (if (i32.and (call $class (call $byte (local.get $at))) (i32.const 1)) (then (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))))
          (if (i32.eq (call $byte (local.get $at)) (i32.add (local.get $c) (i32.const 2))) (then
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (br $done)))
          (i32.store8 (local.get $depth) (local.get $close))
          (local.set $depth (i32.add (local.get $depth) (i32.const 1)))
          (local.set $close (i32.add (local.get $c) (i32.const 2)))
          (if (i32.eq (local.get $c) (i32.const 123)) (then
            (local.set $at (call $skipKey (local.get $at) (local.get $end)))
            (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))))
          (br $value)))
        (if (i32.and (call $class (local.get $c)) (i32.const 1)) (then
          (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))
          (br $value)))
        (local.set $at (call $skipScalar (local.get $at) (local.get $end)))
        (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at)))))
      (loop $after
        (if (i32.eqz (local.get $depth)) (then (return (local.get $at))))
        (local.set $c (call $byte (local.get $at)))
        (if (i32.and (call $class (local.get $c)) (i32.const 1)) (then
          (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))
          (local.set $c (call $byte (local.get $at)))))
        (if (i32.eq (local.get $c) (i32.const 44)) (then
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (if (i32.eq (local.get $close) (i32.const 125)) (then
            (if (i32.ne (call $byte (local.get $at)) (i32.const 34)) (then (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))))
            (local.set $at (call $skipKey (local.get $at) (local.get $end)))
            (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))))
          (br $value)))
        (if (i32.ne (local.get $c) (local.get $close)) (then (return (i32.xor (local.get $at) (i32.const -1)))))
        (local.set $depth (i32.sub (local.get $depth) (i32.const 1)))
        (local.set $close (i32.load8_u (local.get $depth)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $after)))
    (unreachable))

  ;; Skips the object or array at $at, and lists its first $most members or elements at $out: where
  ;; the name begins and ends (with the top bit set where it has escapes), where the value begins and
  ;; ends. Of an object, those are left out whose name has no byte set at its head in the table
  ;; $wanted, unless that is 0 or the name has escapes. The least i32 where the lists have no room.
  (func (export "list") (param $at i32) (param $end i32) (param $out i32) (param $most i32) (param $wanted i32) (result i32)
    (local $close i32) (local $name i32) (local $nameEnd i32) (local $start i32) (local $count i32)
    (local $c i32) (local $take i32)
    (local.set $take (i32.const 1))
    (local.set $close (i32.add (call $byte (local.get $at)) (i32.const 2)))
    (local.set $at (call $skipBlanks (i32.add (local.get $at) (i32.const 1)) (local.get $end)))
    (i32.store (i32.const 2048) (i32.const 0))
    (if (i32.eq (call $byte (local.get $at)) (local.get $close)) (then (return (i32.add (local.get $at) (i32.const 1)))))
    (loop $member
      (if (i32.eq (local.get $close) (i32.const 125)) (then
        (if (i32.ne (call $byte (local.get $at)) (i32.const 34)) (then (return (i32.xor (local.get $at) (i32.const -1)))))
        (local.set $name (i32.add (local.get $at) (i32.const 1)))
        (global.set $escaped (i32.const 0))
        (local.set $at (call $skipString (local.get $name) (local.get $end)))
        (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))
        (local.set $nameEnd (i32.or (i32.sub (local.get $at) (i32.const 1)) (i32.shl (global.get $escaped) (i32.const 31))))
        (if (local.get $wanted) (then
          (local.set $take (i32.or (global.get $escaped) (i32.load8_u (i32.add (local.get $wanted) (i32.and (i32.const 255)
            (i32.add (i32.sub (i32.sub (local.get $at) (i32.const 1)) (local.get $name))
            (i32.add (i32.mul (call $byte (local.get $name)) (i32.const 5))
                     (i32.mul (call $byte (i32.sub (local.get $at) (i32.const 2))) (i32.const 17)))))))))))
        (if (i32.ne (call $byte (local.get $at)) (i32.const 58)) (then
          (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))
          (if (i32.ne (call $byte (local.get $at)) (i32.const 58)) (then (return (i32.xor (local.get $at) (i32.const -1)))))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))))
      (if (i32.and (call $class (call $byte (local.get $at))) (i32.const 1)) (then
        (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))))
      (local.set $start (local.get $at))
      (local.set $at (call $skipValue (local.get $at) (local.get $end)))
      (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))
      (if (i32.and (local.get $take) (i32.lt_u (local.get $count) (local.get $most))) (then
        (if (i32.gt_u (local.get $out) (i32.const 65520)) (then (return (i32.const 0x80000000))))
        (i32.store (local.get $out) (local.get $name))
        (i32.store offset=4 (local.get $out) (local.get $nameEnd))
        (i32.store offset=8 (local.get $out) (local.get $start))
        (i32.store offset=12 (local.get $out) (local.get $at))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (local.set $count (i32.add (local.get $count) (i32.const 1)))
        (i32.store (i32.const 2048) (local.get $count))))
      (local.set $c (call $byte (local.get $at)))
      (if (i32.ne (local.get $c) (i32.const 44)) (then
        (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))
        (local.set $c (call $byte (local.get $at)))
        (if (i32.eq (local.get $c) (local.get $close)) (then (return (i32.add (local.get $at) (i32.const 1)))))
        (if (i32.ne (local.get $c) (i32.const 44)) (then (return (i32.xor (local.get $at) (i32.const -1)))))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (if (i32.eq (local.get $close) (i32.const 125)) (then
        (if (i32.ne (call $byte (local.get $at)) (i32.const 34)) (then
          (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))))))
      (br $member))
    (unreachable))
)
