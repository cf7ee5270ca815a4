using System.Text.Json;

namespace CogniForge.Serving.Inference;

/// <summary>Writes one value so that <see cref="ElementReader{T}"/> reads the same.</summary>
internal delegate void ElementWriter<in T>(Utf8JsonWriter json, T value);
