// SPDX-License-Identifier: Apache-2.0
//
// Sources with marks: «x» is an occurrence of the one binding that each of them must find, the first of them its
// definition (or the one with «!x»); ‹x› is bound by no function.
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/service/marked_document.hpp"

namespace repomap {
namespace {

struct Case {
  std::string path;
  std::string what;
  std::string source;
};

void PrintTo(const Case& item, std::ostream* stream) { *stream << item.path << '/' << item.what; }

class LocalBindings : public testing::TestWithParam<Case> {};

TEST_P(LocalBindings, AreThoseMarked) {
  const MarkedDocument marked(GetParam().path, GetParam().source);
  for (const ByteRange& place : marked.inside) {
    const auto binding = marked.document->local_binding(place);
    ASSERT_TRUE(binding) << "nothing for " << marked.describe(place);
    EXPECT_EQ(marked.describe(binding->definition), marked.describe(marked.definition));
    EXPECT_EQ(marked.describe(binding->occurrences), marked.describe(marked.inside));
  }
  for (const ByteRange& place : marked.outside) {
    const auto binding = marked.document->local_binding(place);
    EXPECT_FALSE(binding) << marked.describe(place) << " is taken for "
                          << testing::PrintToString(marked.describe(binding->occurrences));
  }
}

std::vector<Case> c_cases() {
  return {
      {"a.c", "parameter", "int x;\nint f(int «x») { return «x» + s.‹x› + p->‹x›; }\nint g(void) { return ‹x›; }\n"},
      {"a.c", "pointer_parameter", "void f(char **«argv», int n) { use(«argv»[n]); }\n"},
      {"a.c", "local", "int f(void) {\n  int a, *«p» = 0;\n  a = *«p»;\n  ‹g›(a);\n  return a;\n}\nint *‹p›;\n"},
      {"a.c", "loop", "void f(int n) { for (int «i» = 0; «i» < n; «i»++) g(«i»); }\n"},
      {"a.c", "function_pointer", "int f(int (*«cb»)(int x), int y) { return «cb»(y); }\n"},
      {"a.c", "parameter_of_pointer", "int f(int (*cb)(int «x»), int y) { return ‹x›; }\n"},
      {"a.c", "array", "void f(void) { char «buf»[10]; g(«buf», sizeof «buf»); }\n"},
      {"a.c", "extern_is_global", "int f(void) { extern int ‹x›; return ‹x›; }\n"},
      {"a.c", "prototype_is_global", "int f(void) { int ‹g›(int); return ‹g›(1); }\n"},
      {"a.c", "prototype_parameter", "int ‹f›(int «x»);\nint ‹x›;\n"},
      {"a.c", "own_name", "int ‹f›(int f2) { return ‹f›(f2); }\n"},
      {"a.c", "struct_tag", "int f(struct ‹node› *«node») { return «node»->‹node›; }\n"},
      {"a.c", "typedef_as_product", "void f(int «a», int b) { «a» * b; }\n"},
      {"a.c", "blocks", "void f(void) { { int «i»; g(«i»); } { int i; g(i); } g(‹i›); }\n"},
      {"a.c", "before_it", "int x; void f(void) { g(‹x›); int «x» = 1; g(«x»); }\n"},
      {"a.c", "with_errors", "void f(void) { { int «i»; g(«i»); } }}} @ ) }\n"},
      {"a.c", "label", "int f(int x) { goto ‹out›; ‹out›: return x; }\n"},
      {"a.cpp", "lambda", "int f(int a) { auto g = [a](int «x») { return «x» + a; }; return g(a); }\nint ‹x›;\n"},
      {"a.cpp", "captured", "int f(int «a») { auto g = [&](int x) { return x + «a»; }; return g(«a»); }\n"},
      {"a.cpp", "shadowed_in_lambda", "int f(int «a») { auto g = [](int a) { return a; }; return g(«a»); }\n"},
      {"a.cpp", "range_for", "void f(V v) { for (const auto &«e» : v) use(«e», v.‹e›); }\n"},
      {"a.cpp", "structured", "void f() { auto [«k», v] = g(); h(«k», v); }\n"},
      {"a.cpp", "catch", "void f() { try { g(); } catch (const E &«e») { h(«e».what()); } }\n"},
      {"a.cpp", "if_initializer", "void f() { if (auto «p» = g(); «p» != 0) h(«p»); }\n"},
      {"a.cpp", "template_parameter", "template <class «T»> «T» f(«T» a) { return «T»(a); }\nclass ‹T›;\n"},
      {"a.cpp", "method", "struct S { int x; int m(int «x») { return this->‹x› + «x»; } int n() { return ‹x›; } };\n"},
      {"a.cpp", "constructor_initializer", "S::S(int «a») : b(«a») { c = «a»; }\n"},
      {"a.cpp", "parenthesized", "void f(const char *buf) { std::string «s»(buf); g(«s»); }\n"},
      {"a.cpp", "qualified", "int f(int «x») { return ns::‹x› + «x»; }\n"},
  };
}

std::vector<Case> python_cases() {
  return {
      {"a.py", "parameter", "def f(«a», b=1, *args):\n    return «a» + b.‹a› + g(‹a›=1)\na = 2\n‹a›\n"},
      {"a.py", "typed", "def f(«a»: int, b: str = ''):\n    return «a»\n"},
      {"a.py", "annotation_is_outside", "def f(«node»: ‹node›) -> ‹node›:\n    return «node»\n"},
      {"a.py", "default_is_outside", "x = 1\ndef f(«x»=‹x›):\n    return «x»\n"},
      {"a.py", "star", "def f(*«args», **kw):\n    print(*«args», **kw)\n"},
      {"a.py", "assignment", "def f():\n    «x» = 1\n    «x» += 2\n    return «x»\nx = 3\nprint(‹x›)\n"},
      {"a.py", "tuple", "def f():\n    (a, «b»), c = g()\n    return «b»\n"},
      {"a.py", "loop", "def f(xs):\n    for i, «x» in enumerate(xs):\n        yield «x»\n"},
      {"a.py", "with", "def f():\n    with open('a') as «h», b:\n        return «h».read()\n"},
      {"a.py", "except", "def f():\n    try:\n        g()\n    except E as «e»:\n        raise «e»\n"},
      {"a.py", "comprehension", "xs = [«x» + y for «!x» in ys if «x»]\n‹x›\n"},
      {"a.py", "comprehension_in_function", "def f(x):\n    return [«x» for «!x» in g(1)]\n"},
      {"a.py", "walrus", "def f():\n    if («m» := g()):\n        return [«m» for y in z]\n"},
      {"a.py", "global", "def f():\n    global ‹x›\n    ‹x› = 1\n    return ‹x›\n"},
      {"a.py", "nonlocal", "def f():\n    «x» = 0\n    def g():\n        nonlocal «x»\n        «x» = 1\n    g()\n"},
      {"a.py", "closure", "def f(«x»):\n    def g():\n        return «x»\n    return g\n"},
      {"a.py", "shadowed", "def f(«x»):\n    def g():\n        x = 1\n        return x\n    return g() + «x»\n"},
      {"a.py", "nested_function", "def f():\n    def «g»():\n        «g»()\n    return «g»\ndef ‹g›(): pass\n"},
      {"a.py", "lambda", "f = lambda «x», y: «x» + y\n‹x›\n"},
      {"a.py", "match", "def f(p):\n    match p:\n        case [«a», *rest]:\n            return «a»\n"},
      {"a.py", "class_body", "def f():\n    class C:\n        ‹x› = 1\n        def m(self):\n            return ‹x›\n"},
      {"a.py", "method", "class C:\n    def m(«self», x):\n        «self».x = x\n        return «self».‹m›()\n"},
      {"a.py", "import_leads_on", "def f():\n    from m import ‹helper›\n    return ‹helper›()\n"},
      {"a.py", "with_tuple", "def f():\n    with a() as (b, «c»), d:\n        return «c»\ndef ‹c›(): pass\n"},
      {"a.py", "with_list", "def f():\n    with a() as [b, *«c»]:\n        return (b, «c»)\n‹c› = [‹c›]\n"},
      {"a.py", "tuple_is_a_use", "def f():\n    with a(‹c›) as b, (‹c›, d):\n        return [(‹c›, b)]\n"},
      {"a.py", "type_parameter", "def f[«T»](a: list[«T»], b=‹T2›) -> «T»:\n    x: «T» = a\nclass ‹T›: pass\n"},
      {"a.py", "bound_type_parameter", "def f[«T»: ‹B›, *U](a: «T», b: ‹B›) -> dict[«T», U]:\n    pass\n"},
      {"a.py", "type_parameter_pack", "def f[T, *«U»](*a: *«U»):\n    return a\n"},
      {"a.py", "class_type_parameter",
       "class C[«T»](B[«T»]):\n    def m(self, a: «T») -> «T»:\n        return a\nx: ‹T›\n"},
      {"a.py", "alias_type_parameter", "type A[«T»] = list[«T»]\nx: A[‹T›]\n"},
      {"a.py", "f_string", "def f(«name»):\n    return f'hello {«name»}'\n"},
  };
}

std::vector<Case> go_and_rust_cases() {
  return {
      {"a.go", "parameter", "package p\nfunc f(a, «b» int) int { return «b» + s.‹b› }\nvar b int\nvar _ = ‹b›\n"},
      {"a.go", "receiver", "package p\nfunc («t» *T) m() { «t».‹t›() }\n"},
      {"a.go", "result", "package p\nfunc f() («err» error) { «err» = g(); return }\n"},
      {"a.go", "short", "package p\nfunc f() { a, «b» := g(); h(a, «b») }\n"},
      {"a.go", "var", "package p\nfunc f() { var «x», y int = 1, 2; g(«x», y) }\n"},
      {"a.go", "range", "package p\nfunc f() { for _, «v» := range xs { g(«v») } }\n"},
      {"a.go", "range_over_global", "package p\nvar v int\nfunc f() { for ‹v› = range xs { g(‹v›) } }\n"},
      {"a.go", "type_switch", "package p\nfunc f(x any) { switch «y» := x.(type) { case int: g(«y») } }\n"},
      {"a.go", "closure", "package p\nfunc f() { «n» := 0; go func() { «n»++ }() }\n"},
      {"a.go", "literal", "package p\nvar f = func(«n» int) int { return «n» }\n"},
      {"a.go", "same_name_as_type", "package p\nfunc f(«node» *‹node›) { g(«node») }\n"},
      {"a.go", "two_loops", "package p\nfunc f() { for «i» := 0; «i» < 1; «i»++ {}; for i := range x { g(i) } }\n"},
      {"a.go", "again", "package p\nfunc f(«v» int) { for { v := «v»; g(v) }; g(«v») }\n"},
      {"a.go", "package_before_it", "package p\nfunc f() { ‹path›.Join(); for _, «path» := range x { g(«path») } }\n"},
      {"a.go", "field_key", "package p\nfunc f(«name» string) T { return T{‹name›: «name»} }\n"},
      {"a.go", "map_key", "package p\nfunc f(«k» string) any { return map[string]int{«k»: 1} }\n"},
      {"a.go", "type_parameter", "package p\nfunc f[«T» any](a «T») «T» { return a }\n"},
      {"a.go", "assignment_is_global", "package p\nvar x int\nfunc f() { ‹x› = 1 }\n"},
      {"a.rs", "parameter", "fn f(«a»: i32, b: i32) -> i32 { «a» + b + s.‹a› }\nfn g() { ‹a› }\n"},
      {"a.rs", "let", "fn f() { let mut «x» = 1; «x» += 1; println!(\"{}\", «x»); }\n"},
      {"a.rs", "tuple", "fn f() { let (a, «b») = g(); h(a, «b»); }\n"},
      {"a.rs", "if_let", "fn f(o: Option<i32>) { if let Some(«v») = o { g(«v»); } }\n"},
      {"a.rs", "match_arm", "fn f(e: E) { match e { E::A(«v») if «v» > 1 => g(«v»), ‹None› => h(), _ => {} } }\n"},
      {"a.rs", "struct_pattern", "fn f(p: P) { let P { «x», y: z } = p; g(«x», z); }\n"},
      {"a.rs", "for", "fn f(v: V) { for («i», x) in v.iter().enumerate() { g(«i», x); } }\n"},
      {"a.rs", "closure", "fn f() { let g = |«x»: i32, y| «x» + y; g(1, 2); }\nfn h() { ‹x›; }\n"},
      {"a.rs", "type_parameter", "fn f<«T»: Clone>(a: &«T») -> «T» { «T»::new(a) }\nstruct ‹T›;\n"},
      {"a.rs", "const_parameter", "fn f<const «N»: usize>(a: [u8; «N»]) -> usize { «N» }\nconst ‹N›: u8 = 1;\n"},
      {"a.rs", "impl_const_parameter", "impl<const «N»: usize> S<«N»> { fn m() -> usize { «N» + ‹M› } }\n"},
      {"a.rs", "impl_type_parameter", "impl<«T»> S<«T»> { fn m(a: «T») {} }\n"},
      {"a.rs", "nested", "fn f() { fn «g»() {} «g»(); }\n"},
      {"a.rs", "field_init", "fn f(«x»: i32) -> P { P { ‹x›: «x» } }\n"},
      {"a.rs", "shorthand_init", "fn f(«x»: i32) -> P { P { «x», y: 1 } }\n"},
      {"a.rs", "initializer_is_outside", "fn x() {}\nfn f() { let «x» = ‹x›(); g(«x»); }\n"},
      {"a.rs", "if_let_again", "fn f(«x»: O) { if let Some(x) = «x» { g(x); } h(«x»); }\n"},
      {"a.rs", "while_let", "fn f(v: V) { while let Some(«x») = v.pop() { g(«x»); } }\n"},
      {"a.rs", "macro", "fn f(«x»: T) { println!(\"{}\", a.‹x› + ‹x›::y(«x»)); }\n"},
      {"a.rs", "let_in_macro", "fn f() { m! { let mut «x» = 1; g(«x») } }\n"},
      {"a.rs", "path", "fn f(«m»: i32) { ‹g›(a::‹m›, «m») }\n"},
  };
}

std::vector<Case> jvm_and_net_cases() {
  return {
      {"A.java", "parameter", "class A { int x; int m(int «x») { return this.‹x› + «x»; } int n() { return ‹x›; } }\n"},
      {"A.java", "local", "class A { void m() { int a = 1, «b» = 2; g(a, «b»); } void n() { ‹b›(); } }\n"},
      {"A.java", "for_each", "class A { void m() { for (String «s» : xs) g(«s».‹s›()); } }\n"},
      {"A.java", "lambda", "class A { F f = «x» -> «x» + 1; F g = (a, b) -> ‹x›; }\n"},
      {"A.java", "lambda_of_two", "class A { void m() { g((a, «b») -> a + «b»); } }\n"},
      {"A.java", "catch", "class A { void m() { try { g(); } catch (E «e») { h(«e»); } } }\n"},
      {"A.java", "resource", "class A { void m() { try (R «r» = open()) { h(«r»); } } }\n"},
      {"A.java", "pattern", "class A { void m(Object o) { if (o instanceof B «b») h(«b»); } }\n"},
      {"A.java", "pattern_holds_behind",
       "class A { void m(Object o) { if (!(o instanceof B «b»)) return; h(«b»); } }\n"},
      {"A.java", "record_pattern",
       "class A { int m(Object o) { return switch (o) { case P(int «x», Q(var y)) -> «x» + y; default -> ‹x›; }; } }\n"
       "class B { int ‹x›; }\n"},
      {"A.java", "nested_record_pattern",
       "class A { void m(Object o) { switch (o) { case P(int x, Q(var «y»)): g(«y», x); } } int ‹y›; }\n"},
      {"A.java", "record_instanceof",
       "class A { void m(Object o) { if (o instanceof P(int x, ‹y› «y») && «y» > 0) g(x, «y»); } }\n"},
      {"A.java", "record_members", "record A(int a) { int m() { return ‹x›; } static int ‹x›; }\n"},
      {"A.java", "two_loops", "class A { void m() { for (int «i» = 0; «i» < 1;) {} for (int i : x) g(i); } }\n"},
      {"A.java", "call_of_same_name", "class A { void m(int «run») { ‹run›(«run»); } }\n"},
      {"A.java", "type_parameter", "class A { <«T»> «T» m(«T» a) { return a; } T n() { return null; } }\n"},
      {"A.java", "constructor", "class A { A(int «x») { this.‹x› = «x»; } }\n"},
      {"a.cs", "parameter", "class A { int x; int M(int «x») { return this.‹x› + «x»; } int N() { return ‹x›; } }\n"},
      {"a.cs", "var", "class A { void M(int a) { var «b» = a; G(«b», b2: a); } }\n"},
      {"a.cs", "initializer_is_a_use", "class A { void M(int «a») { var b = «a»; G(b); } }\n"},
      {"a.cs", "foreach", "class A { void M() { foreach (var «x» in xs) { G(«x»); } } }\n"},
      {"a.cs", "out", "class A { void M() { if (T(out var «v»)) G(«v»); } }\n"},
      {"a.cs", "out_holds_behind", "class A { void M() { if (!T(out var «v»)) return; G(«v»); } }\n"},
      {"a.cs", "lambda", "class A { void M() { xs.Select(«x» => «x».‹x›); H(‹x›); } }\n"},
      {"a.cs", "lambda_of_two", "class A { void M() { xs.Do((a, «b») => a + «b»); } }\n"},
      {"a.cs", "catch", "class A { void M() { try { G(); } catch (E «e») { H(«e»); } } }\n"},
      {"a.cs", "local_function", "class A { void M() { int «F»(int a) => a; G(«F»(1)); } }\n"},
      {"a.cs", "named_argument", "class A { void M(int «x») { G(‹x›: «x»); } }\n"},
      {"a.cs", "pattern", "class A { void M(object o) { if (o is B «b») G(«b»); } }\n"},
      {"a.cs", "same_name_as_type", "class A { void M() { ‹Foo› «Foo» = new ‹Foo›(); G(«Foo»); } }\n"},
  };
}

std::vector<Case> web_cases() {
  return {
      {"a.js", "parameter", "function f(«a», b) { return «a» + b.‹a› + { ‹a›: 1 }; }\nlet a;\n‹a›;\n"},
      {"a.js", "let", "function f() { let a = 1, «b» = a; g(«b»); }\n"},
      {"a.js", "var_in_block", "function f() { if (a) { var «b» = 1; } return «b»; }\n"},
      {"a.js", "let_in_block", "function f() { if (a) { let «b» = 1; g(«b»); } return ‹b›; }\n"},
      {"a.js", "shorthand", "function f(«a») { return { «a», b: 1 }; }\n"},
      {"a.js", "destructured", "function f({ a, b: «c», ...d }, [e]) { return «c» + e; }\n"},
      {"a.js", "destructured_shorthand", "function f({ «a», b = 1 }) { return «a» + b; }\n"},
      {"a.js", "arrow", "const f = «x» => «x» + 1;\n‹x›;\n"},
      {"a.js", "arrow_of_two", "const f = (x, «y» = x) => { return «y»; };\n"},
      {"a.js", "for_of", "function f(xs) { for (const «x» of xs) g(«x»); }\n"},
      {"a.js", "for_of_global", "let x;\nfunction f(xs) { for (‹x› of xs) g(‹x›); }\n"},
      {"a.js", "catch", "function f() { try { g(); } catch («e») { h(«e».message); } }\n"},
      {"a.js", "closure", "function f() { let «n» = 0; return () => { «n»++; }; }\n"},
      {"a.js", "shadowed", "function f(«n») { return (n => n)(«n»); }\n"},
      {"a.js", "assignment_is_global", "function f() { ‹x› = 1; return ‹x›; }\n"},
      {"a.js", "nested", "function f() { function «g»() {} «g»(); }\nfunction ‹g›() {}\n"},
      {"a.js", "function_expression", "const f = function «g»() { return «g»; };\n‹g›;\n"},
      {"a.js", "method", "class A { m(«x») { return this.‹x› + «x»; } }\n"},
      {"a.ts", "parameter", "function f(«a»: A, b?: B): a2 { return «a»; }\n"},
      {"a.ts", "same_name_as_type", "function f(«node»: ‹node›) { return «node» as ‹node›; }\n"},
      {"a.ts", "type_parameter", "function f<«T»>(a: «T»): «T» { return a as «T»; }\nclass ‹T› {}\n"},
      {"a.ts", "inferred_type", "type A<T> = T extends B<infer «U»> ? «U» : never;\nclass ‹U› {}\n"},
      {"a.ts", "bound_inferred_type", "type A<T> = T extends (infer «U» extends ‹V›)[] ? [«U», ‹V›] : T;\n"},
      {"a.ts", "inferred_type_in_type", "type A<T> = ‹U› extends T ? T extends { a: infer «U» } ? «U» : 1 : ‹U›;\n"},
      {"a.ts", "class_type_parameter", "class C<«T»> { a: «T»; m(b: «T») {} }\n"},
      {"a.ts", "arrow", "const f = (x: number, «y»: string): void => { g(«y»); };\n"},
      {"a.ts", "const", "function f() { const «x»: number = 1; return «x»; }\n"},
      {"a.tsx", "element", "const C = ({ «name» }) => <A b={«name»} name=\"c\">{«name»}</A>;\n"},
      {"a.php", "parameter", "<?php\nfunction f($«a», $b) { return $«a» + $b->‹a›; }\n$a = 1;\necho $‹a›;\n"},
      {"a.php", "assignment", "<?php\nfunction f() { $«x» = 1; return \"v: $«x»\"; }\n"},
      {"a.php", "foreach", "<?php\nfunction f($xs) { foreach ($xs as $k => $«v») { g($k, $«v»); } }\n"},
      {"a.php", "global", "<?php\nfunction f() { global $‹x›; $‹x› = 1; return $‹x›; }\n"},
      {"a.php", "catch", "<?php\nfunction f() { try { g(); } catch (E $«e») { h($«e»); } }\n"},
      {"a.php", "list", "<?php\nfunction f() { [$a, $«b»] = g(); return $«b»; }\n"},
      {"a.php", "closure", "<?php\nfunction f($«a») { return function ($b) use ($«a») { return $«a» + $b; }; }\n"},
      {"a.php", "function_of_same_name", "<?php\nfunction f($«g») { return ‹g›($«g»); }\n"},
      {"a.php", "by_reference", "<?php\nfunction f($s) { preg_match('a', $s, $«m»); return $«m»[0]; }\necho $‹m›;\n"},
      {"a.php", "arrow", "<?php\nfunction f($«a», $xs) { return map(fn($x) => $x + $«a», $xs); }\n"},
      {"a.php", "this", "<?php\nclass A { function m() { return $‹this›->‹x›; } }\n"},
      {"a.php", "method", "<?php\nclass A { private $x; function m($«x») { $this->‹x› = $«x»; } }\n"},
  };
}

std::vector<Case> script_cases() {
  return {
      {"a.rb", "parameter", "def f(«a», b = 1, *c, d: 2)\n  «a» + b.‹a›\nend\na = 1\n‹a›\n"},
      {"a.rb", "keyword_parameter", "def f(«d»: 2)\n  g(‹d›: «d»)\nend\n"},
      {"a.rb", "assignment", "def f\n  «x» = 1\n  «x» += 1\n  x2, y = g\n  «x»\nend\n"},
      {"a.rb", "block_parameter", "def f(xs)\n  xs.each { |«x»| g(«x») }\n  xs.map do |x| x end\nend\n"},
      {"a.rb", "block_assigns_outer", "def f(xs)\n  «n» = 0\n  xs.each { |x| «n» = «n» + x }\n  «n»\nend\n"},
      {"a.rb", "block_at_top", "it 'a' do\n  «x» = 1\n  g { «x» = 2 }\nend\nit 'b' do\n  x = 1\nend\n"},
      {"a.rb", "rescue", "def f\n  g\nrescue E => «e»\n  h(«e»)\nend\n"},
      {"a.rb", "multiple", "def f\n  a, «b» = g\n  «b»\nend\n"},
      {"a.rb", "call_of_same_name", "def f(«g»)\n  ‹g›(«g»)\nend\n"},
      {"a.rb", "setter", "def ‹x›=(«x»)\n  @x = «x»\nend\n"},
      {"a.rb", "lambda", "f = ->(«x») { «x» + 1 }\n"},
      {"a.lua", "parameter", "local function f(a, «b»)\n  return «b» + t.‹b›\nend\nprint(‹b›)\n"},
      {"a.lua", "local", "function f()\n  local a, «b» = 1, 2\n  «b» = a\n  return {‹b› = «b»}\nend\n"},
      {"a.lua", "initializer_is_a_use", "function f(«a»)\n  local b = «a»\n  return b\nend\n"},
      {"a.lua", "assignment_is_global", "function f()\n  ‹x› = 1\n  return ‹x›\nend\n"},
      {"a.lua", "again", "function f(«x»)\n  do local x = «x» end\n  g(«x»)\nend\n"},
      {"a.lua", "for", "function f(t)\n  for k, «v» in pairs(t) do\n    print(«v», k)\n  end\nend\n"},
      {"a.lua", "numeric_for", "function f(n)\n  for «i» = 1, n do\n    print(«i»)\n  end\nend\n"},
      {"a.lua", "local_function", "function f()\n  local function «g»() end\n  «g»()\nend\n"},
      {"a.lua", "global_function", "function f()\n  function ‹g›() end\n  ‹g›()\nend\n"},
      {"a.lua", "method", "function M:m(«x»)\n  self.‹x› = «x»\n  self:‹x›()\nend\n"},
      {"a.sh", "local", "f() {\n  local «x»=1 y\n  echo \"$«x» ${«x»}\"\n}\necho $‹x›\n"},
      {"a.sh", "local_without_value", "f() {\n  local «x» y\n  «x»=1\n  echo $«x»\n}\n"},
      {"a.sh", "assignment_is_global", "f() {\n  ‹x›=1\n  echo $‹x›\n}\n"},
      {"a.sh", "loop", "f() {\n  for «i» in 1 2; do\n    echo $«i»\n  done\n}\n"},
      {"a.sh", "function_of_same_name", "f() {\n  local «g»=1\n  ‹g› $«g»\n}\n"},
      {"a.pl", "my", "sub f { my ($«a», $b) = @_; return $«a» + $‹c›; }\n"},
      {"a.r", "parameter", "f <- function(«a», b = 2) { c <- «a»; g(c) }\n"},
      {"a.r", "assignment", "f <- function(a) { «c» <- a; g(«c») }\n"},
      {"a.jl", "parameter", "function f(«a», b=1)\n  c = «a» + b\nend\n"},
      {"a.jl", "assignment", "function f(a)\n  «c» = a\n  for i in 1:«c»\n    ‹g›(i)\n  end\nend\n"},
      {"a.jl", "arrow", "map(«x» -> «x» + 1, ‹x›)\n"},
      {"a.dart", "parameter", "int f(int «a», {int b = 1}) { return «a» + b.‹a›; }\n"},
      {"a.dart", "local", "class A { void m() { var «c» = 1; g(«c»); } }\n"},
      {"a.zig", "const", "fn f(a: i32) i32 { const «c» = a; return «c»; }\n"},
      {"a.zig", "payload", "fn f() void { for (xs) |«x»| { g(«x»); } }\n"},
      {"a.ps1", "assignment", "function F($a) { «$c» = $a; G «$c» ‹$d› }\n"},
      {"a.sol", "local", "contract C { function f() public { uint «c» = 1; g(«c»); } }\n"},
      {"a.ml", "let", "let f «a» = let c = «a» in g c ‹a2›\n"},
      {"a.hs", "pattern", "f «a» = g «a»\n"},
      {"a.hs", "lambda", "f = map (\\«x» -> «x» + 1)\n"},
      {"a.erl", "variable", "f(«A», B) -> g(«A», fun(X) -> X + «A» end, B).\ng(A) -> A.\n"},
      {"a.elm", "pattern", "f «a» =\n    g «a»\n"},
      {"a.nix", "formal", "{ «a», b }: g «a»\n"},
      {"a.kt", "catch", "fun f() { try { } catch («e»: E) { h(«e») } }\n"},
      {"a.swift", "for", "func f() { for «i» in xs { g(«i») } }\n"},
      {"a.swift", "if_let", "func f() { if let «d» = o { h(«d») } }\n"},
      {"a.scala", "case", "object A { def f(a: B) = a match { case Some(«y») => g(«y») } }\n"},
      {"a.scala", "enumerator", "object A { def f() = for («i» <- xs) g(«i») }\n"},
      {"a.kt", "parameter", "fun f(«a»: Int, b: Int): Int { return «a» + b.‹a› }\n"},
      {"a.kt", "val", "fun f() { val «x» = 1\n g(«x») }\n"},
      {"a.swift", "parameter", "func f(label «a»: Int) -> Int { return «a» }\n"},
      {"a.swift", "let", "func f() { let «x» = 1\n g(«x») }\n"},
      {"a.scala", "parameter", "object A { def f(«a»: Int): Int = { val b = «a»; b } }\n"},
  };
}

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (const auto& some :
       {c_cases(), python_cases(), go_and_rust_cases(), jvm_and_net_cases(), web_cases(), script_cases()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Languages, LocalBindings, testing::ValuesIn(all_cases()),
                         [](const testing::TestParamInfo<Case>& test) {
                           return test.param.path.substr(test.param.path.find('.') + 1) + "_" + test.param.what;
                         });

}  // namespace
}  // namespace repomap
