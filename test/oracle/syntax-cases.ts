/**
 * Queries for comparing the syntax with Microsoft's parser, one a line; `␤` is a line break, `ˋ` a backtick. Half of
 * them are wrong in some way.
 */
export const SYNTAX_CASES: readonly string[] = String.raw`
T | where (
T | foo
T | where a = 1
print 1.
print 1..2
print .5
print 1e5
print 1.e5
print 1.5e+3
print 1e
print 1abc
print a=1abc
T | project 1abc
T | project 3x
T | project 1_a
T | project 1d
T | project 1day
T | project 1days, 2dd
T | project 1 d
T | project 1minute, 1minutes, 1second, 1seconds, 1millis, 1milli, 1millisec, 1millisecond, 1milliseconds, 1micro, 1micros, 1microsec, 1microsecond, 1microseconds, 1us, 1nano, 1nanos, 1ns,1nanosecond,1nanoseconds, 1tick, 1ticks, 1hr, 1hrs, 1hour, 1hours, 1min, 1sec, 1d, 1m, 1s, 1ms, 1h
T | project 1min
T | project 1sec
T | project 1hr
T | project 1nanosecond
T | project 1ns
T | project 1w
T | project 1D
T | project 1.5d, 1.d, .5d
T | project .5d
T | project 0x1F, 0X1f
T | project 0x
T | project 0xg
T | project datetime(2020-01-01), datetime (2020-01-01), datetime(now()), datetime(null), datetime("2020"), datetime(), date(1), time(1), timespan(x)
T | project datetime(2020-01-01
T | project datetime(2020␤-01-01)
T | project datetime(␤2020-01-01␤)
T | project int(1), int(x), int(), int(null), int( 1 ), int(1+1), int('1')
T | project int(x)
T | project int(f(x))
T | project long(x), bool(x), real(x), double(x), guid(x), decimal(x), boolean(x)
T | project string(x)
T | project float(x), uint(1), ulong(1), int32(1), int64(2), uniqueid(1), uuid(1)
T | project float(1)
T | project int32(1)
T | project uniqueid(1)
T | project AND
T | where a AND b
T | where a Or b
T | where a OR b
T | where TRUE
T | where True == TRUE or true == FALSE or tRUE
T | WHERE a
T | Where a
T | where a HAS 'x'
T | where a In (1)
T | where a CONTAINS 'x'
T | where a == 1 == 2
T | where a < 1 < 2
T | where a has 'b' has 'c'
T | where a == b < c
T | where a < b == c
T | where a in (1) == true
T | where a between (1 .. 2) == true
T | where a == b has 'c'
T | where a has 'b' == true
T | where a + b has 'c' + 'd'
T | where a has 'c' 'd'
T | where a == - 1
T | where a == - - 1
T | where a == --1
T | where a == +1
T | where a == -+1
T | where a == !b
T | where not b
T | where not(b)
T | where a == not(b)
T | where a has_any ('x')
T | where a has_any ()
T | where a in ()
T | where a has_any x
T | where a in x
T | where a has_any (dynamic([1]))
T | where a has_any dynamic([1])
T | where a in~ x
T | where a in (T | project x)
T | where a in (T)
T | where a in (print 1)
T | where a in (1, T | project x)
T | where a !in~ (1,2,)
T | where a !between (1 .. 2)
T | where a !has 'x' and a !has_cs 'x' and a !has_any ('x') 
T | where a !has_all ('x') 
T | where a matches regex 'x'
T | where a matches  regex 'x'
T | where a !matches regex 'x'
T | where a not matches regex 'x'
T | where a like 'x' and b notlike 'y' and c notcontains 'z' and d notcontains_cs 'g' and e !like 'f' and c like_cs 'x' and d notlikecs 'd' and e likecs 'x'
T | where a notcontains 'z'
T | where a containscs 'z'
T | where a notlike 'z'
T | where a <> 1
T | where a ! has 'x'
T | where a ! in (1)
T | where a !~ 'x' and b =~ 'y'
T | where a.b.['c'].d['e'][0].['f']
T | where a.['b c']
T | where a.(b)
T | where a.b(c)
T | where ['a b'] == 1 and ["a b"] == 2
T | where ['a' 'b'] == 1
T | where [@'a'] == 1
T | where [a] == 1
T | where a[b+1]
T | where a[-1]
T | where a[(-1)]
T | where a[b][c | d]
T | where a[b:c]
T | where a?.b
T | where "a".length == 1
T | where f(x).y[0]
T | where (a.b).c
T | where (1).c
T | where 1.c
T | where $left.x == 1
T | where $foo == 1
T | where a$b == 1
T | where @a == 1
T | where a % 3 == 0 
T | where a => 1
T | where a === 1
T | where a && b
T | where a == 'x
T | where a == "x␤y"
T | where a == ˋˋˋx␤yˋˋˋ
T | where a == ~~~x␤y~~~
T | where a == h'x' and b == H"y" and c == h@'z' and d == hˋˋˋxˋˋˋ and e==h~~~x~~~
T | where a == hˋˋˋxˋˋˋ
T | where a == @'x''y' and b == @"x""y"
T | where a == 'x' 'y' @'z' h'u'
T | where a == 'x' // c␤ 'z'
T | where a == '\x41\u0041\101\a\b\f\v\0\r\n\t\'\"\\'
T | where a == '\q'
T | where a == '\x4'
T | where a == '\u004'
T | where a == '\U00000041'
T | where a == '\8'
T | where a == '\1'
T | where a == '\777'
T | where a == '\
T | where datetime() > a
T | where datetime (2020-01-01) > a
T | where datetime(now()) > a
T | where datetime("2020") > a
T | where time(1d) > a
T | where timespan(x) > a
T | where boolean(true)
T | where bool (true)
T | where int (1)
T | where dynamic ([1])
T | where dynamic([1, 'a', "b", {"x": -1.5e3, 'y': true, z: null}, datetime(2020-01-01), 1d, long(1), timespan(1d)])
T | where dynamic({x: 1})
T | where dynamic({"x": 1,})
T | where dynamic([1,])
T | where dynamic(abc)
T | where dynamic()
T | where dynamic(null)
T | where dynamic(1)
T | where dynamic(-1)
T | where dynamic("a")
T | where dynamic("a" "b")
T | where dynamic(@"a")
T | where dynamic([True, FALSE, Null])
T | where dynamic([nan, inf])
T | where dynamic([1 2])
T | where dynamic([+1])
T | where dynamic({"a":dynamic([1])})
T | where dynamic({"a" 1})
T | where dynamic([1] // c␤)
T | where dynamic(␤[␤1␤]␤)
T | where dynamic([a])
T | where f(a | b)
T | where f(T | take 1)
T | where (a | take 1)
T | where toscalar(T | take 1)
T | where f(a=1, 2)
T | where f(*)
T | where f(a, *)
T | where f(a,)
T | where f(,a)
T | where f(a b)
T | where f (a)
T | where * has 'x'
T | where * == 'x'
T | where * != 'x'
T | where * <> 'x'
T | where * !has 'x'
T | search * != 'x'
T | where * has 'x' and a == 1
T | where * + 1
T | where *
T | extend *
T | project *
T | project a, *
T | distinct *
T | distinct a, *
T | distinct a, b*
T | distinct x=a
T | project a*
T | project-away a*, *b, *c*, d
T | project-away *
T | project-away a *
T | project-away a.b
T | project-keep a*, b
T | project-keep a asc
T | project-rename a=b, c
T | project-rename a=b.c
T | project-rename ['a b']=b
T | project-reorder a, b*, * asc, c granny-asc, d granny-desc, e desc
T | project-reorder a.b
T | project
T | extend
T | summarize
T | summarize by a
T | summarize count()
T | summarize count() by
T | summarize a=count(), sum(x) by b, c=bin(d, 1h)
T | summarize hint.strategy=shuffle count() by a
T | summarize hint.shufflekey=a hint.num_partitions=5 count() by a
T | summarize (a,b)=f(x) by c
T | summarize (a)=f(x) by c
T | extend (a,b)=f(x)
T | extend a=1 b=2
T | extend a=1,
T | project a=1, b
T | sort by a
T | order by a asc, b desc nulls first, c nulls last
T | sort by a nulls first asc
T | sort by x=a desc
T | sort a
T | sort by a ascending
T | top 5 by a
T | top 5 by a asc nulls last, b
T | top 5
T | top x+1 by a
T | top 5 by x=a
T | take 5
T | take (x)
T | take x + 1
T | limit 5
T | limit toscalar(T)
T | count
T | count as X
T | count | count
T | as X
T | as hint.materialized=true X
T | as ['a b']
T | serialize
T | serialize a=1, b
T | getschema
T | invoke f()
T | invoke f
T | invoke f(a) | take 1
T | invoke database('x').f()
T | invoke ['f']()
T | render timechart
T | render timechart with (title='x', xtitle="y")
T | render timechart title='x'
T | render timechart kind=stacked title='x'
T | render kind=unstacked
T | render
T | render foo
T | render "foo"
T | render timechart with (xcolumn=a, ycolumns=b,c, series=d)
T | render timechart with (ymin=0 ymax=10)
T | render timechart with (ymin=-1)
T | render timechart by a
T | render timechart with(legend=hidden, ytitle='x', accumulate=true, kind=stacked, ysplit=none)
T | join U on a
T | join (U) on a, b
T | join kind=inner U on $left.a == $right.b
T | join kind=leftanti hint.strategy=broadcast (U | where x) on a and b
T | join U
T | join U on
T | join U on a == b
T | join U where a == b
T | join kind = inner U on a
T | join kind='inner' U on a
T | join kind=foo U on a
T | join foo=bar U on a
T | join hint.foo=bar U on a
T | join hint.remote=auto U on a
T | join (U) on *
T | join f(x) on a
T | join a.b on c
T | join database('x').U on a
T | join union U, V on a
T | join U | where x
T | join kind=inner (datatable(a:string)['x']) on a
T | join kind=inner (let x=1; T) on a
T | join U on ($left.a == $right.b)
T | join ["U"] on a
T | join materialize(U) on a
T | join (U) on a, $left.b == $right.c
T | lookup U on a
T | lookup kind=leftouter (U) on a
T | lookup U
T | union U
T | union U, V
T | union kind=outer withsource=S U
T | union isfuzzy=true U, (V | take 1), W*
union U
union T, U
union (T), U
union kind=outer isfuzzy=true withsource=X T, U | take 1
union withsource=['a b'] T
union withsource="x" T
union with_source=x T
union hint.concurrency=3 T
union *
union T*, *U, a*b
union database('x').T, database("y").*
union database('x').['T']
union f(x), T
union T | union U
union
union T U
union (union T, U), V
union T, (print 1)
union T, print 1
union ["T"], T
union isfuzzy = true T
union best_effort=true T
T | mv-expand a
T | mvexpand a
T | mv-expand a, b = c
T | mv-expand a to typeof(long), b
T | mv-expand a limit 5
T | mv-expand bagexpansion=array a
T | mv-expand kind=array a
T | mv-expand with_itemindex=i a
T | mv-expand kind=array with_itemindex=i a = b.c to typeof(string) limit 10
T | mv-expand a = f(b) to typeof(dynamic)
T | mv-expand
T | mv-expand a to long
T | mv-expand a to typeof(int32)
T | mv-expand (a,b) = c
T | mv-expand a limit x
T | mv-expand a limit x+1
let x = 1; print x
let x = 1
let x = 1;
print 1;
print 1;;
;
;print 1
print 1; print 2
print 1; let x = 2; print x
let x = 1 print x
let x = 1␤print x
let x = 1␤T | where x
let x = T | where a␤T | take 1
T␤U
T U
T where x
T | where x where y
let f = () { 1 }; print f()
let f = () { 1; }; print f()
let f = (a:long) { a }; print f(1)
let f = (a:long, b:string='x') { a }; f(1)
let f = (a:long=1, b:string) { a }; f(1)
let f = (T:(x:long)) { T | take 1 }; f(T)
let f = (T:(*)) { T | take 1 }; f(T)
let f = (T:(x:long, *)) { T | take 1 }; f(T)
let f = (T:()) { T | take 1 }; f(T)
let f = (a) { a }; f(1)
let f = (a:long,) { a }; f(1)
let f = (a:long) { let b = a; b + 1 }; print f(1)
let f = (a:long) { let b = a; }; print f(1)
let f = (a:long) { }; print f(1)
let f = view () { T }; f
let f = view (a:long) { T }; f
let f = view { T }; f
let f = (){ T } ; f()
let f = () { T | where x }␤; f()
let f = (a: long) { print a } f(1)
let f=(a:dynamic=dynamic([1])) { a }; f()
let f=(a:long=-1) { a }; f()
let f=(a:foo) { a }; f()
let f = (T:(a:long), b:long) { T }; f(T,1)
let f = (b:long, T:(a:long)) { T }; f(T,1)
let ['a b'] = 1; print ['a b']
let "a" = 1; print a
let x = datatable(a:int)[1]; x
let x = print 1; x
let x = range a from 1 to 2 step 1; x
let x = union T, U; x
let x = (T); x
let x = (T | take 1) | take 2; x
let x = materialize(T | take 1); x
let x = materialize(T | take 1) | where y; x
let x = toscalar(T | count); print x
let x = toscalar(T | count) + 1; print x
let x = dynamic([1]); print x
let x = 'a' 'b'; print x
let = 1; print 1
let x 1; print 1
let x == 1; print 1
let x = ; print 1
let x = let y = 1; print 1
LET x = 1; print x
set notruncation; T
set querytrace; set a=1; T
set truncationmaxsize=104857600; T
set best_effort = true; T
set a.b = 1; T
set; T
declare query_parameters(a:long); print a
declare query_parameters(a:long=1, b:string='x'); print a
declare query_parameters(a); print a
declare query_parameters(); print 1
declare query_parameters(a:long, T:(x:long)); print 1
declare pattern p = (a:string)[b:string] { ('x').['y'] = { T } }; print 1
declare pattern p; print 1
alias database x = cluster('a').database('b'); T
restrict access to (T, U); T
restrict access to (T | where x); T
T | let x = 1
let | count
count | count
T
T.U
a.b.c | take 1
database('a').T | take 1
cluster('a').database('b').T | take 1
cluster('a').database('b').['T x'] | take 1
workspace('a').T
table('T') | take 1
table('T', 'x') | take 1
app('x').requests
resource('x').T
adx('x').T
externaldata(a:string)['http://x'] with (format='csv') | take 1
externaldata(a:string)[@"http://x" h@"y"] | take 1
externaldata (a:string) [h'http://x'] with (format='csv', ignoreFirstRecord=true)
let x = externaldata(a:string)['http://x']; x
T | where x in (externaldata(a:string)['http://x'])
search 'x'
search in (T, U) 'x'
search kind=case_sensitive in (T) a:'x'
T | search 'x'
find where x == 1
find in (T, U) where x == 1 project a
find withsource=X in (T) where true
evaluate f()
T | evaluate bag_unpack(x)
T | evaluate f(x) : (a:string, *)
T | evaluate hint.distribution=per_node f()
T | mv-apply x = y to typeof(string) on (where x == 1)
T | mv-apply x on (where y | summarize count()) | take 1
T | parse x with 'a' b 'c' d:long *
T | parse kind=regex flags=Ui x with * 'a' b
T | parse-where x with 'a' b
T | parse-kv x as (a:string, b:long) with (pair_delimiter=',', kv_delimiter='=')
T | make-series count() default=0 on t from ago(1d) to now() step 1h by a
T | sample 5
T | sample-distinct 5 of x
T | top-nested 2 of x by count(), top-nested 3 of y by sum(z)
T | top-hitters 5 of x by y
T | partition by x (take 1)
T | partition hint.strategy=native by x { take 1 }
T | scan with (step s1: true => a = 1; step s2: b == 1;)
T | scan declare (a:long=1) with (step s: true;)
T | fork (take 1) (count)
T | fork a=(take 1) b=(count)
T | facet by x with (take 1)
T | facet by x, y
T | reduce by x with threshold=0.5
T | reduce kind=source by x
T | consume
T | consume decodeblocks=true
T | assert-schema (a:string)
T | project-by-names 'a', dynamic(['b'])
T | make-graph a --> b with U on c
T | graph-match (a)-[e]->(b) where a.x == 1 project a.x
T | graph-to-table nodes
T | make-graph a --> b | graph-match (a)-->(b) project a
macro-expand entity_group [a,b] as x ( x.T | take 1 )
graph('x') | graph-match (a)-->(b) project a
inline_external_table(x:string) kind=storage dataformat=csv (h@'x')
T | execute-and-cache
T | __executeAndCache
T | union (U | take 1), V
T | union kind=inner U
T | as X | union (X)
T | where
T | where a ==
T | where == 1
T | where (a == 1
T | where a == 1)
T | where a in (1, 2
T | where f(a, b
T | project a, b,
T | project , a
T | project a b
T |
T | | count
| count
T || count
T | where a and
T | where and b
T | where a or or b
T | where a & b
T | summarize count() by a,
T | summarize , by a
T | sort by
T | sort by a,
T | sort by a desc asc
T | top by a
T | take
T | take 1 2
T | distinct
T | distinct a,
T | join kind=inner (U on a
T | join kind= (U) on a
T | join (U) on a ==
T | join kind=inner on a
T | join on a
T | mv-expand a to typeof(
T | mv-expand a to typeof()
T | mv-expand a to typeof(long
T | count()
T | count x
T | getschema x
T | as
T | serialize a b
T | invoke
T | lookup (U)
T | union
T | wherea
T | wher a == 1
T | Where a == 1
T | select a
T | project-foo a
T | project away a
T | mv expand a
T | order a
T | 5
T | "x"
T | (where a)
T | where a, b
T | extend a = 1 == 1
T | extend a == 1
T | extend a := 1
T | where a == 1 and (b == 2 or c == 3
range x from 1 to 2 step 1
range x from 1 to 2
range x from 1
range (1,2,1)
print range(1, 2, 1)
range x from 1 to 10 step 1 | where x > 1
print
print a=1, b=2
print 1, 2
print a
print (1)
print (print 1)
print T | take 1
datatable(a:int)[1] | take 1
datatable(a:int)['x', dynamic([1]), 1d, datetime(2020), true, -1, +1]
datatable(a:int)[1 2]
datatable (a:int) [1]
datatable(a:int)[x]
datatable(a:int)[null]
datatable(a:int)[dynamic(null), long(null)]
(T)
(T | take 1) | take 2
(T | take 1)
((T))
(T, U)
()
[1,2]
{}
.show tables
// just a comment
print 1 // c
# directive␤print 1
#connect "x"␤print 1
T | where a == 1 // c␤| take 1
T␤| where a == 1␤␤| take 1
T␤␤␤| where a
print f(union T, U)
print f(print 1)
print f(range x from 1 to 2 step 1)
print f(datatable(a:int)[1])
print f(datatable(a:int)[1], 2)
print f(datatable(a:int)[1] | take 1)
print f((datatable(a:int)[1] | take 1))
print f(externaldata(a:int)['x'])
print f(materialize(T))
print f(a = datatable(a:int)[1])
print x in (datatable(a:int)[1])
print x in (datatable(a:int)[1] | take 1, 2)
print datatable(a:int)[1]
T | where datatable(a:int)[1]
T | join datatable(a:int)[1] on a
union datatable(a:int)[1], T
T | join kind=inner (union T, U) on a
T | join kind=inner (T) on a | where x
T | where a between (1..5)
T | where a between (1 ..5)
T | where a between (1.. 5)
T | where a between (datetime(2020) .. 5d)
T | where a between(1 .. 5) and b
T | where a between 1 .. 5
T | where a between (1, 5)
T | where a in(1,2)
T | where a!in(1,2)
T | where a has_any(1,2)
T | where a=='x'and b
T | where (a)and(b)
T | where a=="x"or b
T|where a|count
T|summarize count()by a
T|project a,b|take 5
T|top 5 by a desc
T|extend x=-a
T|extend x=a-b
T|extend x=a -b
T|extend x = 5 - -5
T|extend x = (5)-5
T|extend x=1-1
T|where a==-1
T|where a>-1
T|where a>=-1d
T|where a<-1
T|where a<--1
T|where a<>-1
T|where a*-1
T|where a+-1
T|where a==1;
T|where a == 1d2
T|where Timestamp > ago(1d)
T|where Timestamp > ago(1 d)
T | where a . b == 1
T | where a .b. c == 1
T | where a [0]
T | where f (x) [0] . y
T | where a.b (x)
T | where a .[0]
T | where a . ['x']
T | where a.0
T | where a.1b
T | where a.'x'
T | where a["x"]["y"]
T | where a[]
T | where a[*]
T | where a[1:2]
T | where a..b
T | where a.*
T | project a.*
T | project a.b.c
T | project a[0]
T | project -a
T | project "x"
T | project 1
T | project a = b = c
T | project (a)
T | project (a, b)
T | project (a, b) = c
T | project (a, b) = f(c), d
T | extend ["a"] = 1
T | extend "a" = 1
T | extend 'a' = 1
T | extend a.b = 1
T | extend a[0] = 1
T | summarize a.b
T | summarize count() by a.b
T | summarize count() by tostring(a.b)
T | summarize count(), by a
T | summarize arg_max(t, *) by a
T | summarize (t, a) = arg_max(t, *) by a
T | summarize by a, b = bin(t, 1h)
T | summarize take_any(*) by a
T | summarize hint.strategy = shuffle count() by a
T | summarize count() by $left.a
T | join (U) on $left.a == $right.b, $left.c == $right.d
T | join (U) on $left.['a b'] == $right.b
T | join (U) on ['a b']
T | join kind=leftouter U on a, b, c
T | join hint.strategy=broadcast kind=inner U on a
T | join kind=inner hint.shufflekey=a U on a
T | join kind:inner U on a
T | join inner U on a
T | join (U | where x == 1) on $left.a==$right.a | project a
T | join T1 | where x
T | union withsource="T" U
T | union withsource='T' (U)
T | union *
T | union kind=outer U
T | union (U), (V)
T | union U | take 1
union isfuzzy=true (T | where x), (U | where y)
union isfuzzy=true withsource=Table (T), U*
union withsource=Table T | where x
union kind=inner T, U
union (T, U)
union T, U,
union T,, U
union f(1), g()
union a.b, c.d
union database('a').T, cluster('b').database('c').T
union a*.b
union T* | take 1
union T *
union T * , U
union *T*
union T*U
union ['T*']
union "T*"
T | project-away a*, b
T | project-away a * b
T | project-away ['a b'], c
T | project-away a*b*
T | project-keep *a
T | project-reorder * asc
T | project-reorder a, *, b*
T | project-reorder a desc, b asc, c
T | project-rename a=b, c=d
T | project-rename ['a']=['b']
T | distinct a.b
T | distinct tostring(a)
T | distinct a = b
T | distinct (a)
T | distinct *, a
T | sort by a, b desc
T | sort by tostring(a) asc
T | sort by a.b desc nulls first
T | sort by (a) desc
T | sort by a desc, (b) asc nulls last,
T | sort by -a
T | sort by a DESC
T | order by a nulls last
T | top 5 by a desc nulls first
T | top n by f(a)
T | top 5 by a, b
T | take n
T | take -1
T | limit 10 | count
T | mv-expand a, b
T | mv-expand a = b.c
T | mv-expand a = f(b) to typeof(long), c to typeof(string)
T | mv-expand a.b
T | mv-expand a[0]
T | mv-expand parse_json(a)
T | mv-expand a to typeof(long) limit 10
T | mv-expand bagexpansion=bag a
T | mv-expand kind=bag a
T | mv-expand with_itemindex = i a
T | mv-expand (a) to typeof(long)
T | mv-expand a to typeof(long) b
T | serialize a
T | serialize rn = row_number()
T | as T2 | join T2 on a
T | as kind=x T2
T | invoke f(a, b)
T | invoke f() | count
T | getschema | take 1
T | getschema kind=csl
T | count | extend x = 1
T | render piechart
T | render timechart with (title="x", kind=unstacked)
T | render barchart with(kind=stacked)
T | render columnchart kind=stacked
T | render table
T | render timechart with (ysplit=panels)
T | where a matches regex @"x" and b
T | where a matches regex "x" "y"
T | where a startswith "x" or b !startswith "y"
T | where a endswith_cs "x"
T | where a hasprefix_cs "x" and b !hassuffix_cs "y"
T | where a contains_cs "x" and b !contains_cs 'y'
T | where a has_cs "x"
T | where a !has_cs "x"
T | where a in~ ("x", "y") and b !in~ ("z")
T | where a has_all ("x", "y")
T | where isempty(a) and isnotnull(b)
T | where not(a has "x") and not (b)
T | where iff(a, b, c) == d
T | where case(a, b, c, d, e)
T | extend a = case(b == 1, "x", b == 2, "y", "z")
T | where a == dynamic(null)
T | where a in (dynamic(["x", "y"]))
T | where a == bool(null)
T | where a == guid(null)
T | where a == "\\" and b == '\''
T | where a == @"\" and b == @'\'
T | where a == "a""b"
T | where a == @"a""b"
T | where a == "​"
T | where "a" == a
T | where a // c == b
T // c␤| where a // d␤| take 1 // e
let a = 1;␤␤let b = 2;␤␤T | where x == a
let a=1;let b=2;T
let f = (a:string){ a };␤T | extend b = f(c)
let f=(a:string, b:int=5) {␤ a + b␤};␤print f("x")
let f = (T:(a:string)) { T | where a == "x" };␤T | invoke f()
let f = (T:(*), a:string) { T | where b == a };␤f(T, "x")
let f = (T:(*, a:string)) { T }; f(T)
let f = (T:(a:string, *)) { T }; f(T)
let f = () { let x = 1; T | where a == x }; f
let f = (a:real) -> { a }; f(1)
let f = (a:bool, b:boolean) { a }; print f(true, false)
let f = (a:date, b:time, c:double, d:guid, e:decimal, f:uniqueid) { a }; print 1
let f = (a:int32) { a }; print 1
let f = (a:String) { a }; print 1
let f = (a:object) { a }; print 1
let f = ('a':string) { a }; print 1
let f = (a string) { a }; print 1
let f = {1}; f
let f = () => 1; f()
let f = function(a) { a }; f
let v = view () { T | where a }; v | take 1
let x = T | count; let y = toscalar(x); print y
let x = (T | count); x
let x = (1 + 2) * 3; print x
let x = -1; print x
let x = "a" "b"; print x
let x = @"a\b"; print x
let x = ˋˋˋa␤bˋˋˋ; print x
let x = dynamic({"a": [1, 2, {"b": null}]}); print x
let x = datatable(a:string, b:long) ["x", 1, "y", 2]; x
let x = datatable (a:string) ["x"]; x
let x = range(1, 10); print x
let x = range a from 1 to 10 step 1; x
let x = f(a).b[0]; print x
let x = a and b; print x
let x = T; x | where a
let x= ago(1d);␤T | where t > x
datatable(a:dynamic)[dynamic({"x":1})]
datatable(a:string)["x" "y", 'z']
datatable(a:datetime)[datetime(2020-01-01), datetime(2020-01-01 10:00)]
datatable(a:real)[1.5, -1.5, real(nan), 1e5]
datatable(a:timespan)[1d, 1h, time(1d)]
datatable(a:bool)[true, False, bool(null)]
datatable(a:guid)[guid(74be27de-1e4e-49d9-b579-fe0b331d3642)]
datatable(a:int)␤[␤1,␤2␤]
datatable(a:int, b:string)␤[␤1, "x", // c␤2, "y",␤]
print a = datetime(2020-01-01T00:00:00Z), b = datetime("2020"), c = datetime('2020')
print time(1:00), time(1.00:00:00), timespan(null), time('1d')
print 1;print 2
print 1␤␤print 2
print 1␤;␤
T␤| take 1␤;␤U␤| take 2
`
  .trim()
  .split('\n')
  .map(line => line.replaceAll('␤', '\n').replaceAll('ˋ', '`'))
