fn main() {
    let packs = match remit_core::packs::Packs::load(&remit_framework::packs()) { Ok(p) => p, Err(e) => { for p in &e.problems { let at = e.sources.get(p.span.file).unwrap().position(p.span.start); println!("{}:{}:{} `{}` {} | {:?}", e.sources.path(p.span), at.line, at.column, e.sources.words(p.span), p.message, p.help); } return; } };
    let mut args = std::env::args().skip(1);
    let as_of: remit_core::time::Date = args.next().unwrap().parse().unwrap();
    let files: Vec<_> = args.map(|path| remit_core::check::PlanFile { bytes: std::fs::read(&path).unwrap(), path }).collect();
    let a = remit_core::check::analyze("x", files, &packs, as_of);
    for f in &a.findings { let p = &f.problem; let at = a.sources.get(p.span.file).unwrap().position(p.span.start); println!("{}:{}:{} {} {} [{}] `{}` {}\n    subject {} label {:?} help {:?} slack {:?}", a.sources.path(p.span), at.line, at.column, p.severity.word(), f.verdict.word(), p.rule, a.sources.words(p.span), p.message, f.subject, p.label, p.help, f.slack);
        for l in &p.labels { let at = a.sources.get(l.span.file).unwrap().position(l.span.start); println!("      {}:{} `{}` {}", at.line, at.column, a.sources.words(l.span), l.message); }
        for x in &p.fixes { println!("      fix {} {:?}", x.title, x.edits.iter().map(|e| e.text.clone()).collect::<Vec<_>>()); } }
    for r in &a.rules { println!("{r:?}"); }
}
