using CogniForge.Statistics.Text;

namespace CogniForge.Statistics.Tests.Text;

public class PorterStemmerTests
{
    // Expected: nltk.stem.porter.PorterStemmer of NLTK 3.8.
    [Theory]
    [InlineData(
        "caresses ponies ties dies caress cats feed agreed plastered",
        "caress poni tie die caress cat feed agre plaster"
    )]
    [InlineData(
        "bled motoring sing conflated troubled sized hopping tanned falling",
        "bled motor sing conflat troubl size hop tan fall"
    )]
    [InlineData(
        "hissing fizzed failing filing happy enjoy enjoyment spy flying",
        "hiss fizz fail file happi enjoy enjoy spi fli"
    )]
    [InlineData(
        "tried flies relational conditional rational valency hesitancy digitizer conformably",
        "tri fli relat condit ration valenc hesit digit conform"
    )]
    [InlineData(
        "radically differently vilely analogously vietnamization predication operator feudalism decisiveness",
        "radic differ vile analog vietnam predic oper feudal decis"
    )]
    [InlineData(
        "hopefulness callousness formality sensitivity sensibility triplicate formative formalize electricity",
        "hope callous formal sensit sensibl triplic form formal electr"
    )]
    [InlineData(
        "electrical hopeful goodness revival allowance inference airliner gyroscopic adjustable",
        "electr hope good reviv allow infer airlin gyroscop adjust"
    )]
    [InlineData(
        "defensible irritant replacement adjustment dependent adoption homologous communism activate",
        "defens irrit replac adjust depend adopt homolog commun activ"
    )]
    [InlineData(
        "angularity effective bowdlerize probate rate cease controlling rolls geology",
        "angular effect bowdler probat rate ceas control roll geolog"
    )]
    [InlineData(
        "psychology skies dying news innings succeed generally fully beautifully",
        "psycholog sky die news inning succeed gener fulli beauti"
    )]
    [InlineData(
        "syzygy toying used owed eyed aged yyyy yesterday employing",
        "syzygi toy use owe eye age yyyi yesterday employ"
    )]
    [InlineData(
        "running failed agreement possibly technologies oed easy yayed a",
        "run fail agreement possibl technolog o easi yay a"
    )]
    [InlineData(
        "is be yes sees eed ing ed ion ly",
        "is be ye see eed ing ed ion ly"
    )]
    [InlineData(
        "logi alli bilities rationally analogies apologized meetings happiness universities",
        "logi alli biliti ration analog apolog meet happi univers"
    )]
    [InlineData(
        "organization",
        "organ"
    )]
    public void Stem_Words_EqualsNltk(string words, string stems) =>
        Assert.Equal(stems, string.Join(' ', words.Split(' ').Select(PorterStemmer.Stem)));
}
