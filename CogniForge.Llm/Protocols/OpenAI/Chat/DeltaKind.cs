namespace CogniForge.Llm.Protocols.OpenAI.Chat;

/// <summary>What a chunk's choices contain, in ascending order of precedence.</summary>
internal enum DeltaKind
{
    None,
    Role,
    Content,
    Error,
}
