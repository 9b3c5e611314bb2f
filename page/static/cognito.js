// The rider's account: Cognito's operations that need no credentials, and the tokens, which stay in memory.

const config = document.body.dataset;
let tokens = null;

export class Problem extends Error {
  constructor(sentence, code = "", field = "") {
    super(sentence);
    this.code = code;
    this.field = field;
  }
}

const SENTENCES = {
  CodeMismatchException: "That is not the code that was sent. Check it, or send a new one.",
  ExpiredCodeException: "That code is no longer valid. Send a new one.",
  LimitExceededException: "Too many tries. Wait a while, then try again.",
  TooManyRequestsException: "Too many people at once. Try again in a moment.",
  UsernameExistsException: "That user name is taken. Choose another, or sign in.",
  UserNotConfirmedException: "Your email address is not confirmed yet. Enter the code from the mail.",
};

async function call(operation, parameters) {
  let response;
  try {
    response = await fetch(config.cognito, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `AWSCognitoIdentityProviderService.${operation}`,
      },
      body: JSON.stringify({ ClientId: config.clientId, ...parameters }),
    });
  } catch {
    throw new Problem("There is no connection to the sign-in service. Check your network and try again.");
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const code = String(answer.__type ?? "").split("#").pop();
  throw new Problem(SENTENCES[code] ?? sentence(code, answer.message), code, fieldOf(code, answer.message));
}

// The field of the form that is wrong, if one is.
function fieldOf(code, message = "") {
  if (code === "CodeMismatchException" || code === "ExpiredCodeException") return "code";
  if (code === "UsernameExistsException" || message.includes("'username'")) return "username";
  if (code === "InvalidPasswordException" || message.includes("'password'") || message.startsWith("Incorrect")) return "password";
  return "";
}

function sentence(code, message = "") {
  if (code === "NotAuthorizedException" && message.startsWith("Incorrect")) return "The user name or the password is wrong.";
  if (code === "NotAuthorizedException" && message.includes("exceeded")) return "Too many wrong passwords. Wait a moment, then try again.";
  if (code === "InvalidPasswordException") return message.replace("Password did not conform with policy: ", "") + ".";
  if (code === "InvalidParameterException" && message.includes("'password'")) return "A password must not begin or end with a space.";
  if (code === "InvalidParameterException" && message.includes("'username'")) return "A user name must not have spaces in it.";
  return message || "The sign-in service is not available. Try again in a moment.";
}

export const signUp = (name, email, password) =>
  call("SignUp", { Username: name, Password: password, UserAttributes: [{ Name: "email", Value: email }] });
export const confirm = (name, code) => call("ConfirmSignUp", { Username: name, ConfirmationCode: code });
export const resend = (name) => call("ResendConfirmationCode", { Username: name });
export const forgot = (name) => call("ForgotPassword", { Username: name });
export const reset = (name, code, password) =>
  call("ConfirmForgotPassword", { Username: name, ConfirmationCode: code, Password: password });

export async function signIn(name, password) {
  const started = srpStart();
  const { ChallengeParameters: challenge } = await call("InitiateAuth", {
    AuthFlow: "USER_SRP_AUTH",
    AuthParameters: { USERNAME: name, SRP_A: started.open.toString(16) },
  });
  const proof = await srpProof(started, config.poolId.split("_")[1], password, challenge);
  const answer = await call("RespondToAuthChallenge", {
    ChallengeName: "PASSWORD_VERIFIER",
    ChallengeResponses: {
      USERNAME: challenge.USERNAME,
      PASSWORD_CLAIM_SECRET_BLOCK: challenge.SECRET_BLOCK,
      PASSWORD_CLAIM_SIGNATURE: proof.signature,
      TIMESTAMP: proof.timestamp,
    },
  });
  if (!answer.AuthenticationResult) throw new Problem("This account needs another step, which this page does not offer.");
  tokens = answer.AuthenticationResult;
}

export async function refresh() {
  const old = tokens;
  const { AuthenticationResult: result } = await call("InitiateAuth", {
    AuthFlow: "REFRESH_TOKEN_AUTH",
    AuthParameters: { REFRESH_TOKEN: old.RefreshToken },
  });
  if (tokens === old) tokens = { ...old, ...result };
}

export async function signOut() {
  const leaving = tokens;
  tokens = null;
  if (leaving) await call("RevokeToken", { Token: leaving.RefreshToken }).catch(() => {});
}

// The rider's name, as the token has it: the function reads the same claim.
export function rider() {
  const claims = tokens.IdToken.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
  return JSON.parse(new TextDecoder().decode(fromBase64(claims)))["cognito:username"];
}

export const idToken = () => tokens?.IdToken;
