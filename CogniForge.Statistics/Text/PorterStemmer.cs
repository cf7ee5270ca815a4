namespace CogniForge.Statistics.Text;

/// <summary>The Porter stemmer of English, with the extensions of NLTK's <c>PorterStemmer</c>.</summary>
/// <remarks>
/// Source: Porter, <i>An algorithm for suffix stripping</i> (Program 14(3), 1980). Pure, so thread-safe.
/// </remarks>
public static class PorterStemmer
{
    private static readonly Dictionary<string, string> _irregular = new()
    {
        ["sky"] = "sky",
        ["skies"] = "sky",
        ["dying"] = "die",
        ["lying"] = "lie",
        ["tying"] = "tie",
        ["news"] = "news",
        ["innings"] = "inning",
        ["inning"] = "inning",
        ["outings"] = "outing",
        ["outing"] = "outing",
        ["cannings"] = "canning",
        ["canning"] = "canning",
        ["howe"] = "howe",
        ["proceed"] = "proceed",
        ["exceed"] = "exceed",
        ["succeed"] = "succeed",
    };

    // Suffix and replacement, for stems that contain a vowel followed by a consonant.
    private static readonly (string Suffix, string Replacement)[] _step2Rules =
    [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"),
        ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"),
        ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"),
        ("iviti", "ive"), ("biliti", "ble"), ("fulli", "ful"),
    ];

    private static readonly (string Suffix, string Replacement)[] _step3Rules =
    [
        ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""),
    ];

    private static readonly string[] _step4Suffixes =
    [
        "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate",
        "iti", "ous", "ive", "ize",
    ];

    /// <summary>The stem of a word, which need not be a word itself: <c>relational</c> gives <c>relat</c>.</summary>
    /// <param name="word">A word in lower case.</param>
    /// <returns>The stem.</returns>
    public static string Stem(string word)
    {
        if (_irregular.TryGetValue(word, out var stem))
        {
            return stem;
        }

        return word.Length <= 2 ? word : RemoveE(Step4(Step3(Step2(EndInI(RemoveTense(RemovePlural(word)))))));
    }

    // Step 1a.
    private static string RemovePlural(string word)
    {
        if (Ends(word, "sses"))
        {
            return word[..^2];
        }

        if (Ends(word, "ies"))
        {
            return word[..^(word.Length == 4 ? 1 : 2)];
        }

        return Ends(word, "s") && !Ends(word, "ss") ? word[..^1] : word;
    }

    // Step 1b.
    private static string RemoveTense(string word)
    {
        if (Ends(word, "ied"))
        {
            return word[..^(word.Length == 4 ? 1 : 2)];
        }

        if (Ends(word, "eed"))
        {
            return WordShape.Measure(word.AsSpan(..^3)) > 0 ? word[..^1] : word;
        }

        var length = Ends(word, "ed") ? 2 : Ends(word, "ing") ? 3 : 0;
        if (length == 0 || !WordShape.HasVowel(word.AsSpan(..^length)))
        {
            return word;
        }

        var stem = word[..^length];
        if (Ends(stem, "at") || Ends(stem, "bl") || Ends(stem, "iz"))
        {
            return stem + "e";
        }

        if (WordShape.EndsInDoubleConsonant(stem))
        {
            return stem[^1] is 'l' or 's' or 'z' ? stem : stem[..^1];
        }

        return WordShape.Measure(stem) == 1 && WordShape.EndsShort(stem) ? stem + "e" : stem;
    }

    // Step 1c.
    private static string EndInI(string word) =>
        Ends(word, "y") && word.Length > 2 && WordShape.IsConsonant(word, word.Length - 2) ? word[..^1] + "i" : word;

    private static string Step2(string word)
    {
        if (Ends(word, "alli") && WordShape.Measure(word.AsSpan(..^4)) > 0)
        {
            return Step2(word[..^2]);
        }

        var replaced = Replace(word, _step2Rules);
        return replaced is null && Ends(word, "logi") && WordShape.Measure(word.AsSpan(..^3)) > 0
            ? word[..^1]
            : replaced ?? word;
    }

    private static string Step3(string word) => Replace(word, _step3Rules) ?? word;

    private static string Step4(string word)
    {
        var suffix = Array.Find(_step4Suffixes, suffix => Ends(word, suffix));
        if (suffix is null)
        {
            return word;
        }

        var stem = word[..^suffix.Length];
        return WordShape.Measure(stem) > 1 && (suffix != "ion" || stem[^1] is 's' or 't') ? stem : word;
    }

    // Steps 5a and 5b.
    private static string RemoveE(string word)
    {
        if (Ends(word, "e"))
        {
            var stem = word[..^1];
            var measure = WordShape.Measure(stem);
            word = measure > 1 || (measure == 1 && !WordShape.EndsShort(stem)) ? stem : word;
        }

        return Ends(word, "ll") && WordShape.Measure(word.AsSpan(..^1)) > 1 ? word[..^1] : word;
    }

    /// <summary>Applies the first rule whose suffix fits; null if none does.</summary>
    private static string? Replace(string word, (string Suffix, string Replacement)[] rules)
    {
        foreach (var (suffix, replacement) in rules)
        {
            if (Ends(word, suffix))
            {
                return WordShape.Measure(word.AsSpan(..^suffix.Length)) > 0
                    ? word[..^suffix.Length] + replacement
                    : word;
            }
        }

        return null;
    }

    private static bool Ends(string word, string suffix) => word.EndsWith(suffix, StringComparison.Ordinal);
}
