namespace CogniForge.Serving.Models;

/// <summary>What is wrong with a piece of input: an expected failure, so a value.</summary>
/// <param name="Path">Where, as the sender wrote it: a JSON path such as <c>inputs[0].data[2]</c>, or <see cref="Body"/>.</param>
/// <param name="Rule">What must hold there, to be read after the path: "must be finite".</param>
internal sealed record BrokenRule(string Path, string Rule)
{
    /// <summary>The path of the whole request body.</summary>
    public const string Body = "$";

    /// <summary>The rule of a member that is not there.</summary>
    public const string Required = "is required";

    /// <summary>One sentence for error formats that have a single text, such as the Open Inference Protocol's.</summary>
    public override string ToString() => $"{Path} {Rule}.";
}
