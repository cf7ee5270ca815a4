namespace CogniForge.Llm.PassThrough;

/// <summary>What a request sends.</summary>
internal enum RequestContent
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A JSON object, held in memory.</summary>
    Json,

    /// <summary>A form with files, of which one field names the model. It is streamed, and sent once.</summary>
    Form,

    /// <summary>A form with files, without a model. It is streamed byte by byte, and sent once.</summary>
    Stream,
}
