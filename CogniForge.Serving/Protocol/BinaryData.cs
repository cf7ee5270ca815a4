namespace CogniForge.Serving.Protocol;

/// <summary>The names of Triton's binary tensor data extension (extension_binary_data.md).</summary>
internal static class BinaryData
{
    /// <summary>The header with the length in bytes of the JSON before the raw bytes.</summary>
    public const string Header = "Inference-Header-Content-Length";

    /// <summary>The parameter of a tensor whose raw bytes follow the JSON: their number.</summary>
    public const string Size = "binary_data_size";

    /// <summary>The parameter of a requested output: whether to return raw bytes.</summary>
    public const string Output = "binary_data";

    /// <summary>The parameter of a request: the default of <see cref="Output"/>.</summary>
    public const string AllOutputs = "binary_data_output";
}
