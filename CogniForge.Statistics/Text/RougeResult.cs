namespace CogniForge.Statistics.Text;

/// <summary>The ROUGE scores of one text.</summary>
/// <param name="Rouge1">Overlap of single tokens.</param>
/// <param name="Rouge2">Overlap of pairs of tokens.</param>
/// <param name="RougeL">Longest common subsequence of the whole texts; line breaks do not matter.</param>
/// <param name="RougeLsum">Union of the longest common subsequences of sentences, which are lines.</param>
/// <param name="Options">How the scores were computed; scores of different options are not comparable.</param>
public sealed record RougeResult(
    RougeScore Rouge1,
    RougeScore Rouge2,
    RougeScore RougeL,
    RougeScore RougeLsum,
    RougeOptions Options
);
