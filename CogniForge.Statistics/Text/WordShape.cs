namespace CogniForge.Statistics.Text;

/// <summary>Vowels and consonants of a word, as the Porter stemmer defines them.</summary>
internal static class WordShape
{
    /// <summary>Letters other than a, e, i, o, u, and other than y after a consonant.</summary>
    public static bool IsConsonant(ReadOnlySpan<char> word, int place)
    {
        // Of a run of y's, every second one is a vowel; walks back to what precedes the run.
        var start = place;
        while (start > 0 && word[start] == 'y')
        {
            start--;
        }

        var isConsonant = word[start] is not ('a' or 'e' or 'i' or 'o' or 'u');
        return (place - start) % 2 == 0 ? isConsonant : !isConsonant;
    }

    /// <summary>How often a vowel is followed by a consonant.</summary>
    public static int Measure(ReadOnlySpan<char> word)
    {
        var (count, wasVowel) = (0, false);
        for (var i = 0; i < word.Length; i++)
        {
            var isVowel = !IsConsonant(word, i);
            count += wasVowel && !isVowel ? 1 : 0;
            wasVowel = isVowel;
        }

        return count;
    }

    public static bool HasVowel(ReadOnlySpan<char> word)
    {
        for (var i = 0; i < word.Length; i++)
        {
            if (!IsConsonant(word, i))
            {
                return true;
            }
        }

        return false;
    }

    public static bool EndsInDoubleConsonant(ReadOnlySpan<char> word) =>
        word.Length >= 2 && word[^1] == word[^2] && IsConsonant(word, word.Length - 1);

    /// <summary>Ends in consonant, vowel, consonant other than w, x, y; or is a vowel and a consonant (NLTK).</summary>
    public static bool EndsShort(ReadOnlySpan<char> word)
    {
        var last = word.Length - 1;
        if (word.Length < 2 || IsConsonant(word, last - 1) || !IsConsonant(word, last))
        {
            return false;
        }

        return word.Length == 2 || (IsConsonant(word, last - 2) && word[^1] is not ('w' or 'x' or 'y'));
    }
}
