//! What the lab takes besides libtest's options: `--pairs N`, `--random N` and `--seed S` after `--`, or the variables
//! `LAB_PAIRS`, `LAB_RANDOM` and `LAB_SEED`; and any number of filters, of which one must fit.

/// Options of libtest whose value is the next word.
const LIBTEST_WITH_VALUE: [&str; 5] = ["--skip", "--test-threads", "--format", "--color", "--logfile"];

/// How much is drawn, and from which seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Pairs of independent faults.
    pub pairs: usize,
    /// Random networks.
    pub random: usize,
    /// The same seed draws the same.
    pub seed: u64,
    /// A test whose name contains none of these is left out; all are run when there are none.
    pub filters: Vec<String>,
}

impl Options {
    /// As much as an ordinary run of all tests has time for.
    const USUAL: Self = Self {
        pairs: 12,
        random: 20,
        seed: 1,
        filters: Vec::new(),
    };

    /// Takes the lab's own options out of `words`; the rest is libtest's.
    pub fn take(
        words: Vec<String>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<(Self, Vec<String>), String> {
        let mut options = Self::USUAL;
        for name in ["pairs", "random", "seed"] {
            if let Some(text) = variable(&format!("LAB_{}", name.to_uppercase())) {
                options.set(name, &text)?;
            }
        }
        let mut rest = Vec::new();
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let known = ["pairs", "random", "seed"]
                .into_iter()
                .find(|name| word.strip_prefix("--") == Some(name));
            match known {
                Some(name) => {
                    let text = words.next().ok_or_else(|| format!("{word} needs a number"))?;
                    options.set(name, &text)?;
                }
                None if LIBTEST_WITH_VALUE.contains(&word.as_str()) => {
                    rest.push(word);
                    rest.extend(words.next());
                }
                None if word.starts_with('-') => rest.push(word),
                None => options.filters.push(word),
            }
        }
        // libtest's way to ask for one test by its whole name takes one filter.
        if rest.iter().any(|word| word == "--exact") {
            rest.append(&mut options.filters);
        }
        Ok((options, rest))
    }

    /// Whether a test of this name is wanted.
    pub fn wants(&self, name: &str) -> bool {
        self.filters.is_empty() || self.filters.iter().any(|filter| name.contains(filter.as_str()))
    }

    fn set(&mut self, name: &str, text: &str) -> Result<(), String> {
        let number: u64 = text
            .parse()
            .map_err(|_| format!("--{name}: {text} is no number"))?;
        let count = usize::try_from(number).unwrap_or(usize::MAX).min(10_000);
        match name {
            "pairs" => self.pairs = count,
            "random" => self.random = count,
            _ => self.seed = number,
        }
        Ok(())
    }
}
